//! The integrator's guide: a Markdown document of the repository, as a page.

use actix_web::HttpResponse;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::{escaped, page};
use crate::foundation::problem::catalogue::pick;
use crate::program::pages::Reader;

const FRENCH: &str = include_str!("../../../../../docs/guide.fr.md");
const ENGLISH: &str = include_str!("../../../../../docs/guide.en.md");

/// The guide in the reader's language.
pub(crate) fn guide(reader: &Reader) -> HttpResponse {
    let guide = render(pick([FRENCH, ENGLISH], reader.locale));
    let label = pick(["Sommaire", "Contents"], reader.locale);
    let contents: String = guide
        .sections
        .iter()
        .map(|(id, title)| format!("<li><a href=\"#{id}\">{}</a></li>\n", escaped(title)))
        .collect();
    let content = format!(
        "<nav aria-label=\"{label}\">\n<ol>\n{contents}</ol>\n</nav>\n{}",
        guide.body
    );
    page(reader, &guide.title, &content)
}

struct Guide {
    title: String,
    /// Anchors and titles of its sections.
    sections: Vec<(String, String)>,
    body: String,
}

/// Its first heading is the page's title; the others get anchors; what may be wide can scroll.
fn render(markdown: &str) -> Guide {
    let mut guide = Guide {
        title: String::new(),
        sections: Vec::new(),
        body: String::new(),
    };
    let mut events = Vec::new();
    let mut heading = None;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                heading = Some((level, String::new(), Vec::new()));
            }
            Event::End(TagEnd::Heading(_)) => {
                let Some((level, text, within)) = heading.take() else {
                    continue;
                };
                if level == HeadingLevel::H1 {
                    guide.title = text;
                    continue;
                }
                let id = anchor(&text);
                events.push(raw(format!("<{level} id=\"{id}\">")));
                events.extend(within);
                events.push(raw(format!("</{level}>\n")));
                if level == HeadingLevel::H2 {
                    guide.sections.push((id, text));
                }
            }
            event => match &mut heading {
                Some((_, text, within)) => {
                    if let Event::Text(part) | Event::Code(part) = &event {
                        text.push_str(part);
                    }
                    within.push(event);
                }
                None => events.extend(scrolling(event)),
            },
        }
    }
    html::push_html(&mut guide.body, events.into_iter());
    guide
}

/// Code and tables may be wider than a phone: they scroll, from the keyboard too.
fn scrolling(event: Event<'_>) -> Vec<Event<'_>> {
    let open = || raw("<div class=\"wide\" tabindex=\"0\">".to_owned());
    let close = || raw("</div>\n".to_owned());
    match event {
        Event::Start(Tag::CodeBlock(_) | Tag::Table(_)) => vec![open(), event],
        Event::End(TagEnd::CodeBlock | TagEnd::Table) => vec![event, close()],
        event => vec![event],
    }
}

fn raw(html: String) -> Event<'static> {
    Event::Html(CowStr::from(html))
}

/// A heading's name in addresses: its letters and digits, joined by hyphens.
fn anchor(text: &str) -> String {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guide_has_a_title_sections_and_parts_that_scroll() {
        let guide = render("# Guide\n\n## Écrire `PATCH` *sûrement*\n\n```sh\na <b\n```\n");
        assert_eq!(guide.title, "Guide");
        let section = (
            "écrire-patch-sûrement".to_owned(),
            "Écrire PATCH sûrement".to_owned(),
        );
        assert_eq!(guide.sections, [section]);
        assert_eq!(
            guide.body,
            "<h2 id=\"écrire-patch-sûrement\">Écrire <code>PATCH</code> <em>sûrement</em></h2>\n\
             <div class=\"wide\" tabindex=\"0\">\n<pre><code class=\"language-sh\">a &lt;b\n</code></pre>\n</div>\n"
        );
    }
}
