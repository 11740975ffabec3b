//! The catalogue of problems, for people.

use actix_web::HttpResponse;

use super::dto::{FaultType, ProblemDescription};
use crate::foundation::problem::catalogue::pick;
use crate::program::pages::Reader;
use crate::program::pages::html::{escaped, page, scrolling};

/// All problems, by status.
pub(super) fn index(reader: &Reader, problems: &[ProblemDescription]) -> HttpResponse {
    let [title, intro] = pick(
        [
            [
                "Les erreurs de l'API",
                "Chaque refus du service porte un <code>code</code> stable, un titre et un détail qui dit \
                 quoi faire. Voici tous les codes, par statut HTTP. Les programmes reçoivent ce catalogue en \
                 JSON à la même adresse (<code>Accept: application/json</code>).",
            ],
            [
                "The errors of the API",
                "Every refusal of the service carries a stable <code>code</code>, a title, and a detail that \
                 says what to do. Here are all codes, by HTTP status. Programs get this catalogue as JSON at \
                 the same address (<code>Accept: application/json</code>).",
            ],
        ],
        reader.locale,
    );
    let groups: String = problems
        .chunk_by(|a, b| a.status == b.status)
        .map(|group| {
            let status = group.first().map_or(0, |problem| problem.status);
            let items: String = group.iter().map(|problem| item(reader, problem)).collect();
            format!("<h2 id=\"{status}\">{status}</h2>\n<ul>\n{items}</ul>\n")
        })
        .collect();
    page(reader, title, &format!("<p>{intro}</p>\n{groups}"))
}

fn item(reader: &Reader, problem: &ProblemDescription) -> String {
    let code = &problem.code;
    let address = reader.link(&format!("/problems/{code}"));
    let title = escaped(problem.title);
    format!("<li><a href=\"{address}\">{title}</a> <code>{code}</code></li>\n")
}

/// One problem: why it happens, what to do next.
pub(super) fn problem(reader: &Reader, problem: &ProblemDescription) -> HttpResponse {
    let [status, code, remedy, cause, example, all] = pick(
        [
            [
                "Statut HTTP",
                "Code",
                "Que faire",
                "Pourquoi",
                "Exemple",
                "Toutes les erreurs",
            ],
            [
                "HTTP status",
                "Code",
                "What to do",
                "Why",
                "Example",
                "All errors",
            ],
        ],
        reader.locale,
    );
    let json = serde_json::to_string_pretty(&problem.example).unwrap_or_default();
    let content = format!(
        "<dl>\n<dt>{status}</dt><dd><code>{}</code></dd>\n<dt>{code}</dt><dd><code>{}</code></dd>\n</dl>\n\
         <h2>{remedy}</h2>\n<p>{}</p>\n<h2>{cause}</h2>\n<p>{}</p>\n<h2>{example}</h2>\n{}{}\
         <p><a href=\"{}\">{all}</a></p>",
        problem.status,
        problem.code,
        escaped(problem.remedy),
        escaped(problem.cause),
        scrolling(
            example,
            &format!("<pre><code>{}</code></pre>", escaped(&json))
        ),
        faults(reader, &problem.faults),
        reader.link("/problems"),
    );
    page(reader, problem.title, &content)
}

/// The faults of fields that `errors` may name.
fn faults(reader: &Reader, faults: &[FaultType]) -> String {
    if faults.is_empty() {
        return String::new();
    }
    let [heading, intro, code, detail, params] = pick(
        [
            [
                "Les fautes de champ",
                "Chaque élément de <code>errors</code> porte un de ces codes ; <code>params</code> donne les \
                 valeurs que le texte nomme entre accolades.",
                "Code",
                "Texte",
                "Paramètres",
            ],
            [
                "Faults of fields",
                "Each element of <code>errors</code> carries one of these codes; <code>params</code> holds \
                 the values that the text names in braces.",
                "Code",
                "Text",
                "Parameters",
            ],
        ],
        reader.locale,
    );
    let rows: String = faults
        .iter()
        .map(|fault| {
            format!(
                "<tr id=\"{0}\"><td><code>{0}</code></td><td>{1}</td><td><code>{2}</code></td></tr>\n",
                fault.code,
                escaped(fault.detail),
                fault.params.join(", "),
            )
        })
        .collect();
    let table = format!(
        "<table><thead><tr><th scope=\"col\">{code}</th><th scope=\"col\">{detail}</th>\
         <th scope=\"col\">{params}</th></tr></thead>\n<tbody>\n{rows}</tbody></table>"
    );
    format!(
        "<h2>{heading}</h2>\n<p>{intro}</p>\n{}",
        scrolling(heading, &table)
    )
}
