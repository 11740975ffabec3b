//! What a fault of one field says, in French and English.

use entity::values::Locale;
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::pick;
use crate::foundation::problem::Fault;

/// An id for examples.
const ITEM: &str = "01a20744-99a9-7658-b609-f511341d099b";

/// Stable name of a fault of one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, EnumString, Display, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "`text` says what each one means")]
pub enum FaultCode {
    Required,
    UnknownField,
    Type,
    Enum,
    MinLength,
    MaxLength,
    Minimum,
    Maximum,
    MinItems,
    MaxItems,
    Incomplete,
    UniqueItems,
    Format,
    Pattern,
    Email,
    Siret,
    Timezone,
    UnknownReference,
    WrongRole,
    DatesOrder,
    PasswordWeak,
    PasswordWrong,
    NulCharacter,
    NotAllowed,
    PrivateAddress,
    PeriodTooLong,
    GivenOnce,
    Unanswered,
    VarianceReasonMissing,
    RepeatedParameter,
    UnknownParameter,
    UnescapedPlus,
    EmptyFile,
    UnknownColumn,
    CellCount,
    Encoding,
    OpenQuote,
    NotAnObject,
    Duplicate,
    Taken,
    OtherContent,
    ErrorCell,
    Workbook,
    NotYet,
    OtherDay,
}

impl FaultCode {
    /// What it says, French then English; `{name}` stands for a parameter.
    #[rustfmt::skip]
    pub(crate) fn text(self, locale: Locale) -> &'static str {
        pick(match self {
            Self::Required => ["Ce champ est obligatoire.", "This field is required."],
            Self::UnknownField => ["Ce champ n'existe pas ou ne se modifie pas ici.", "This field does not exist or cannot be set here."],
            Self::Type => ["Le type attendu est : {expected}.", "The expected type is: {expected}."],
            Self::Enum => ["Valeur inconnue. Valeurs possibles : {allowed}.", "Unknown value. Possible values: {allowed}."],
            Self::MinLength => ["Il faut au moins {min} caractère(s).", "At least {min} character(s) needed."],
            Self::MaxLength => ["Il faut au plus {max} caractères.", "At most {max} characters allowed."],
            Self::Minimum => ["La valeur doit être au moins {min}.", "The value must be at least {min}."],
            Self::Maximum => ["La valeur doit être au plus {max}.", "The value must be at most {max}."],
            Self::MinItems => ["Il faut au moins {min} élément(s).", "At least {min} item(s) needed."],
            Self::MaxItems => ["Il faut au plus {max} éléments.", "At most {max} items allowed."],
            Self::Incomplete => ["La liste doit nommer chaque élément ; il en manque {missing}.", "The list must name every item; {missing} are missing."],
            Self::UniqueItems => ["Chaque élément ne peut figurer qu'une fois.", "Each item may stand only once."],
            Self::Format => ["Forme attendue : {expected}, par exemple {example}.", "Expected: {expected}, for instance {example}."],
            Self::Pattern => ["Forme attendue : {expected}.", "Expected: {expected}."],
            Self::Email => ["Ce n'est pas une adresse électronique valide.", "This is not a valid e-mail address."],
            Self::Siret => ["Ce n'est pas un SIRET valide (14 chiffres avec clé).", "This is not a valid SIRET (14 digits with check digit)."],
            Self::Timezone => ["Fuseau horaire IANA inconnu, par exemple Europe/Paris.", "Unknown IANA time zone; Europe/Paris is one."],
            Self::UnknownReference => ["Aucun objet accessible n'a cet identifiant.", "No object within reach has this identifier."],
            Self::WrongRole => ["Cette personne n'a pas le rôle attendu : {expected}.", "This person does not have the expected role: {expected}."],
            Self::DatesOrder => ["La date de fin doit suivre la date de début.", "The end date must follow the start date."],
            Self::PasswordWeak => ["Ce mot de passe est trop facile à deviner. Une phrase de plusieurs mots convient.", "This password is too easy to guess. A phrase of several words does well."],
            Self::PasswordWrong => ["Ce n'est pas le mot de passe actuel.", "This is not the present password."],
            Self::NulCharacter => ["Le caractère NUL n'est pas accepté. Retirez-le.", "The NUL character is not accepted. Remove it."],
            Self::NotAllowed => ["Cette valeur n'est pas permise ici.", "This value is not allowed here."],
            Self::PrivateAddress => ["Cette adresse mène à un réseau privé ou à cette machine. Donnez une adresse https joignable depuis Internet.", "This address leads into a private network or to this machine. Give an https address that can be reached from the Internet."],
            Self::PeriodTooLong => ["Une période dure au plus {max} jours. Découpez-la avec since et until.", "A period lasts {max} days at most. Divide it with since and until."],
            Self::GivenOnce => ["Cette valeur est donnée une fois pour toutes, et l'objet de ce nom en a une autre.", "This value is given once and for all, and the object of this name has another."],
            Self::Unanswered => ["Cette ligne attend une réponse.", "This item is waiting for an answer."],
            Self::VarianceReasonMissing => ["Ce retard attend une explication.", "This delay is waiting for an explanation."],
            Self::RepeatedParameter => ["Ce paramètre ne peut figurer qu'une fois.", "This parameter may stand only once."],
            Self::UnescapedPlus => ["Dans une adresse, + veut dire une espace : écrivez %2B.", "In an address, + means a space: write %2B."],
            Self::UnknownParameter => ["Ce paramètre n'existe pas pour cette opération.", "This operation has no such parameter."],
            Self::EmptyFile => ["Le fichier est vide. Sa première ligne nomme les colonnes.", "The file is empty. Its first line names the columns."],
            Self::UnknownColumn => ["Cette colonne n'existe pas ici. La première ligne du fichier nomme les colonnes, parmi : {allowed}.", "There is no such column here. The first line of the file names the columns, out of: {allowed}."],
            Self::CellCount => ["Cette ligne a {found} cellule(s) ; l'en-tête en annonce {expected}. Un séparateur ou un guillemet manque peut-être.", "This row has {found} cell(s) where the header has {expected}. A separator or a quote may be missing."],
            Self::Encoding => ["L'encodage de ce texte ne se reconnaît pas avec certitude. Enregistrez le fichier en « CSV UTF-8 ».", "The encoding of this text cannot be told for certain. Save the file as \"CSV UTF-8\"."],
            Self::OpenQuote => ["Un guillemet ouvert dans cette ligne n'est jamais refermé.", "A quote that opens in this row never closes."],
            Self::NotAnObject => ["Chaque ligne doit être un objet JSON complet.", "Each line must be one whole JSON object."],
            Self::Duplicate => ["La ligne {line} du fichier désigne déjà le même objet. Gardez-en une.", "Line {line} of the file names the same object already. Keep one of them."],
            Self::Taken => ["Cette valeur appartient déjà à un autre objet.", "This value belongs to another object already."],
            Self::OtherContent => ["Ce n'est pas l'empreinte du texte proposé : il a changé depuis que vous l'avez lu. Relisez-le avant de signer.", "This is not the hash of the text that is proposed: it has changed since you read it. Read it again before you sign."],
            Self::NotYet => ["Cela se dit à partir du jour du rendez-vous, le {day}.", "This is said from the day of the appointment on, {day}."],
            Self::OtherDay => ["Ce rendez-vous a lieu le {day}. Reprenez cette date, ou déplacez le rendez-vous.", "This appointment is on {day}. Give that date, or move the appointment."],
            Self::ErrorCell => ["Cette cellule montre une erreur du tableur, comme #N/A. Corrigez sa formule, ou videz-la.", "This cell shows an error of the spreadsheet, such as #N/A. Mend its formula, or empty it."],
            Self::Workbook => ["C'est un classeur, mais pas un classeur XLSX lisible envoyé comme tel. Enregistrez-le en « Classeur Excel (.xlsx) », sans mot de passe, et envoyez-le comme {expected} ; ou enregistrez-le en « CSV UTF-8 ».", "This is a workbook, but not a readable XLSX workbook sent as one. Save it as \"Excel Workbook (.xlsx)\", without a password, and send it as {expected}; or save it as \"CSV UTF-8\"."],
        }, locale)
    }

    /// The fault as it may come, with all its parameters.
    #[rustfmt::skip]
    pub(crate) fn example(self) -> Fault {
        let fault = |pointer: &str| Fault::new(pointer, self);
        match self {
            Self::Required | Self::NulCharacter => fault("/comment"),
            Self::UnknownField => fault("/state"),
            Self::Type => fault("/duration_minutes").with("expected", "integer"),
            Self::Enum => fault("/contact_mode").with("allowed", "phone, sms, email"),
            Self::MinLength => fault("/comment").with("min", 1),
            Self::MaxLength => fault("/comment").with("max", 4000),
            Self::Minimum => fault("/duration_minutes").with("min", 1),
            Self::Maximum => fault("/position").with("max", 12),
            Self::MinItems => fault("/scopes").with("min", 1),
            Self::MaxItems => fault("/urls").with("max", 10),
            Self::Incomplete => fault("/ids").with("missing", 2),
            Self::UniqueItems => fault("/ids/3"),
            Self::Format => fault("/contacted_on").with("expected", "date").with("example", "2026-11-20"),
            Self::Pattern => fault("/phone").with("expected", "phone"),
            Self::Email => fault("/email"),
            Self::Siret => fault("/siret"),
            Self::Timezone => fault("/timezone"),
            Self::UnknownReference => fault("/tutor_id"),
            Self::WrongRole => fault("/tutor_id").with("expected", "tutor"),
            Self::DatesOrder => fault("/ends_on"),
            Self::PasswordWeak => fault("/password"),
            Self::PasswordWrong => fault("/current_password"),
            Self::NotAllowed => fault("/role"),
            Self::PrivateAddress => fault("/url"),
            Self::PeriodTooLong => fault("/since").with("max", 31),
            Self::GivenOnce => fault("/candidate_id"),
            Self::Unanswered => fault("/carried_over/0").with("item_id", ITEM),
            Self::VarianceReasonMissing => fault("/done/0").with("item_id", ITEM),
            Self::RepeatedParameter => fault("limit"),
            Self::UnknownParameter => fault("colour"),
            Self::UnescapedPlus => fault("updated_since"),
            Self::UnknownColumn => fault("/nom").with("allowed", "external_id, external_system, given_name, family_name"),
            Self::CellCount => fault("").with("expected", 6).with("found", 5),
            Self::Encoding | Self::ErrorCell => fault("/family_name"),
            Self::EmptyFile | Self::OpenQuote | Self::NotAnObject => fault(""),
            Self::Duplicate => fault("/external_references/0/external_id").with("line", 17),
            Self::Taken => fault("/user_id"),
            Self::OtherContent => fault("/content_sha256"),
            Self::NotYet => fault("/state").with("day", "2026-12-03"),
            Self::OtherDay => fault("/appointment_on").with("day", "2026-12-03"),
            Self::Workbook => fault("").with("expected", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        }
    }
}
