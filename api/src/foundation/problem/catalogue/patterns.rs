//! What a pattern of the API document asks for, in words: nobody reads a regular expression.

use entity::values::Locale;

use super::pick;

/// A pattern, its name for programs, and what it asks for: French, then English.
#[rustfmt::skip]
const PATTERNS: [(&str, &str, [&str; 2]); 18] = [
    (r"^\+[1-9]\d{6,14}$", "phone", [
        "un numéro de téléphone, comme 06 12 34 56 78 ou +33612345678 (un tableur enlève souvent le premier 0)",
        "a telephone number, such as 06 12 34 56 78 or +33612345678 (spreadsheets often take the first 0 away)",
    ]),
    (r"^(\+[1-9][0-9]{6,14}|0( ?[0-9]){9}|[13][0-9] ?[0-9]{2}|1[0-9]{1,2}|118 ?[0-9]{3})$", "service_phone", [
        "un numéro de téléphone, comme 04 67 00 00 01, +33467000001, 0 800 00 70 70 ou 39 49",
        "a telephone number, such as 04 67 00 00 01, +33467000001, 0 800 00 70 70 or 39 49",
    ]),
    (r"^\d{1,6}$", "rncp_code", [
        "un code du RNCP : six chiffres au plus, comme 37715 ou RNCP37715",
        "a code of the RNCP: six digits at most, such as 37715 or RNCP37715",
    ]),
    (r"^\d{14}$", "siret", ["14 chiffres", "14 digits"]),
    ("^[0-9]{14}$", "siret", ["14 chiffres", "14 digits"]),
    ("^[0-9]{5}$", "postal_code", ["cinq chiffres, comme 34000", "five digits, such as 34000"]),
    ("^[0-9A-Za-z]{5}$", "insee_code", ["un code de l'INSEE : cinq chiffres ou lettres, comme 34172 ou 2A004", "a code of INSEE: five digits or letters, such as 34172 or 2A004"]),
    ("^(0[1-9]|1[0-9]|2[1-9AB]|[3-8][0-9]|9[0-5]|97[1-8]|98[46-9])$", "department", ["un numéro de département, comme 34, 2A ou 974", "the number of a département, such as 34, 2A or 974"]),
    (r"^https?://[^\s/]\S*$", "web_address", ["une adresse web complète, comme https://www.exemple.fr", "a whole web address, such as https://www.example.org"]),
    ("^[0-9a-f]{64}$", "sha256", ["une empreinte SHA-256 : 64 chiffres ou lettres de a à f", "a SHA-256 hash: 64 digits or letters from a to f"]),
    ("^[a-z_]{2,40}$", "code", ["un code : de 2 à 40 lettres minuscules sans accent, ou _", "a code: 2 to 40 small letters without accents, or _"]),
    ("^[a-z_]+$", "code", ["un code : des lettres minuscules sans accent, ou _", "a code: small letters without accents, or _"]),
    ("^[A-Za-z]+$", "name", ["un nom en lettres sans accent", "a name of letters without accents"]),
    ("^[a-z0-9-]+$", "slug", ["un nom en lettres minuscules sans accent, chiffres et traits d'union", "a name of small letters without accents, digits and hyphens"]),
    ("^[!-~]+$", "visible_ascii", ["des caractères visibles sans accent ni espace", "visible characters without accents or spaces"]),
    (r"^[A-Za-z0-9_.:/-]{1,100}$", "claim", ["au plus 100 lettres sans accent, chiffres ou signes parmi _ . : / -", "at most 100 letters without accents, digits or signs out of _ . : / -"]),
    (r"^(\*|[a-z_]{1,40}\.(\*|[a-z_]{1,38}))$", "topic", ["*, ou une sorte d'événement comme booklet.created ou booklet.*", "*, or a kind of event such as booklet.created or booklet.*"]),
    ("^msg_[0-9a-f]{32}$", "message_id", ["l'identifiant d'un message, qui commence par msg_", "the id of a message, which begins with msg_"]),
];

/// A format of the API document, and what it asks for.
#[rustfmt::skip]
const FORMATS: [(&str, [&str; 2]); 4] = [
    ("date", [
        "une date, l'année en quatre chiffres (dans un CSV ou un classeur, 31/12/1980 se lit aussi ; si le tableur montre un nombre, donnez à la colonne le format Date)",
        "a date, the year with four figures (in a CSV or a workbook 31/12/1980 is read too, day first; where the spreadsheet shows a number, give the column the format Date)",
    ]),
    ("date-time", ["un instant, avec son décalage horaire", "an instant, with its offset from UTC"]),
    ("uuid", ["un identifiant donné par ce service", "an identifier that this service gave"]),
    ("uri", ["une adresse web complète", "a whole web address"]),
];

/// The name of what a pattern asks for.
pub(crate) fn name(pattern: &str) -> &'static str {
    let mut all = PATTERNS.iter();
    all.find(|(one, ..)| *one == pattern)
        .map_or("other", |(_, name, _)| name)
}

/// What a pattern, the name of one, or a format asks for.
pub(crate) fn said(expected: &str, locale: Locale) -> &'static str {
    let mut patterns = PATTERNS.iter();
    let pattern = patterns.find(|(one, name, _)| [*one, *name].contains(&expected));
    let mut formats = FORMATS.iter();
    let format = formats.find(|(name, _)| *name == expected);
    let texts = pattern
        .map(|(.., texts)| texts)
        .or(format.map(|(_, texts)| texts));
    pick(
        *texts.unwrap_or(&["une autre forme", "another form"]),
        locale,
    )
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn every_pattern_of_the_api_document_has_its_words() {
        let document = include_str!("../../../../../openapi/openapi.json");
        let document: Value = serde_json::from_str(document).unwrap();
        let mut waiting = vec![&document];
        while let Some(value) = waiting.pop() {
            if let Some(pattern) = value.get("pattern").and_then(Value::as_str) {
                assert_ne!(name(pattern), "other", "no words for {pattern}");
            }
            match value {
                Value::Object(fields) => waiting.extend(fields.values()),
                Value::Array(items) => waiting.extend(items),
                _ => {}
            }
        }
    }
}
