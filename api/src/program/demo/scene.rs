//! One request of a story, and how stories are written down.

use actix_web::http::Method;
use serde_json::Value;

/// One request of a story.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) day: i64,
    pub(super) who: String,
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) name: Option<String>,
    pub(super) body: Option<Value>,
}

impl Scene {
    pub(super) fn new(day: i64, who: &str, method: Method, path: &str) -> Self {
        Self {
            day,
            who: who.to_owned(),
            method,
            path: path.to_owned(),
            name: None,
            body: None,
        }
    }

    pub(super) fn with(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// What later scenes call the thing that this one makes.
    pub(super) fn called(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// The scenes of a story: a line each, but for comments (`#`) and blank lines.
    pub(super) fn read_all(story: &str) -> Result<Vec<Self>, String> {
        story
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| Self::read(line).ok_or(format!("this is no scene: {line}")))
            .collect()
    }

    /// `<day> <who> <method> <path> [as <name>] [<body>]`.
    fn read(line: &str) -> Option<Self> {
        let start_of_body = line.find(" {").unwrap_or(line.len());
        let (head, body) = line.split_at(start_of_body);
        let mut words = head.split_whitespace();
        let mut scene = Self::new(
            words.next()?.parse().ok()?,
            words.next()?,
            words.next()?.parse().ok()?,
            words.next()?,
        );
        if words.next() == Some("as") {
            scene = scene.called(words.next()?);
        }
        if !body.is_empty() {
            scene = scene.with(serde_json::from_str(body).ok()?);
        }
        Some(scene)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_when_who_what_where_and_how_it_will_be_called() {
        let story = "# Samira\n\n-3 lea POST /v1/booklets/$b/notes as n {\"body\": \"Oui {…}\"}\n";
        let scenes = Scene::read_all(story).unwrap();
        let [scene] = scenes.as_slice() else {
            panic!("one line, one scene")
        };
        assert_eq!(
            (scene.day, &*scene.who, &scene.method),
            (-3, "lea", &Method::POST)
        );
        assert_eq!(scene.path, "/v1/booklets/$b/notes");
        assert_eq!(scene.name.as_deref(), Some("n"));
        assert_eq!(scene.body, Some(serde_json::json!({ "body": "Oui {…}" })));
    }

    #[test]
    fn a_line_that_is_no_scene_is_shown() {
        let refusal = Scene::read_all("hier lea POST /v1/notes").unwrap_err();
        assert_eq!(refusal, "this is no scene: hier lea POST /v1/notes");
    }
}
