//! Booklets, contracts, plans and sheets in each of their states, with everybody around them.

mod contracts;
mod plans;
mod sheets;

use serde_json::{Value, json};
use tests::{Client, World};

/// One object: what it is like, and its address.
pub(super) struct Scene {
    pub(super) title: &'static str,
    pub(super) path: String,
}

fn scene(title: &'static str, path: String) -> Scene {
    Scene { title, path }
}

/// Booklets whose tutor is tom, tina his substitute and theo an observer.
pub(super) struct Stage<'a> {
    pub(super) world: &'a World,
    tom: Client,
    samira: Client,
    claire: Client,
}

impl<'a> Stage<'a> {
    pub(super) fn of(world: &'a World) -> Self {
        Self {
            world,
            tom: world.as_("tom"),
            samira: world.as_("samira"),
            claire: world.as_("claire"),
        }
    }

    /// A new booklet of this candidate.
    pub(super) async fn booklet(&self, candidate: &str) -> String {
        let (world, claire) = (self.world, &self.claire);
        let new = json!({
            "candidate_id": world.candidate_id(candidate), "tutor_id": world.user_id("tom"),
        });
        let booklet = address(
            "booklets",
            &claire.post("/v1/booklets", new).await.expect(201),
        );
        for (name, kind) in [("tina", "substitute"), ("theo", "observer")] {
            let member = json!({ "user_id": world.user_id(name), "kind": kind });
            let path = format!("{booklet}/members");
            claire.post(&path, member).await.expect(201);
        }
        booklet
    }

    /// The coordinator acts on a booklet.
    async fn booklet_after(&self, booklet: &str, steps: &[&str]) {
        for step in steps {
            let body = match *step {
                "close" => Some(json!({ "outcome": "full" })),
                "archive" | "resume" => None,
                _ => Some(json!({ "reason": "Ainsi." })),
            };
            self.act(&self.claire, &format!("{booklet}/{step}"), body)
                .await;
        }
    }

    /// The parties act on an object, one after the other.
    async fn after(&self, object: &str, acts: &[(&str, &str)]) {
        for (who, act) in acts {
            let path = format!("{object}/{act}");
            self.act(&self.world.as_(who), &path, None).await;
        }
    }

    async fn act(&self, by: &Client, path: &str, body: Option<Value>) -> Value {
        by.send(reqwest::Method::POST, path, body, &[])
            .await
            .expect(200)
    }

    pub(super) async fn booklets(&self) -> Vec<Scene> {
        let mut scenes = Vec::new();
        for (title, steps) in [
            ("open", &[][..]),
            ("suspended", &["suspend"]),
            ("closed", &["close"]),
            ("withdrawn", &["withdraw"]),
            ("archived", &["close", "archive"]),
            ("reopened", &["withdraw", "archive", "reopen"]),
        ] {
            let booklet = self.booklet("samira").await;
            self.booklet_after(&booklet, steps).await;
            scenes.push(scene(title, booklet));
        }
        let active = self.booklet("samira").await;
        self.in_force(&active).await;
        scenes.push(scene("active", active));
        let full = self.booklet("samira").await;
        self.draft(&full).await;
        self.full_plan(&full).await;
        scenes.push(scene("with a draft of a contract and a full plan", full));
        scenes
    }
}

fn address(collection: &str, object: &Value) -> String {
    format!("/v1/{collection}/{}", object["id"].as_str().unwrap())
}
