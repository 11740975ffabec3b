//! Booklets, contracts, plans and sheets in each of their states, with everybody around them.

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

    async fn act(&self, by: &Client, path: &str, body: Option<Value>) -> Value {
        by.send(reqwest::Method::POST, path, body, &[])
            .await
            .expect(200)
    }

    pub(super) async fn draft(&self, booklet: &str) -> String {
        let new = json!({ "ends_on": self.world.day(100) });
        let path = format!("{booklet}/contracts");
        address("contracts", &self.tom.post(&path, new).await.expect(201))
    }

    async fn proposed(&self, booklet: &str) -> String {
        let contract = self.draft(booklet).await;
        self.act(&self.tom, &format!("{contract}/propose"), None)
            .await;
        contract
    }

    async fn sign(&self, by: &Client, contract: &str) {
        let place = Some(json!({ "place": "Lyon" }));
        self.act(by, &format!("{contract}/signatures"), place).await;
    }

    pub(super) async fn in_force(&self, booklet: &str) -> String {
        let contract = self.proposed(booklet).await;
        self.sign(&self.tom, &contract).await;
        self.sign(&self.samira, &contract).await;
        contract
    }

    async fn amended(&self, contract: &str) -> String {
        let amended = self.tom.act(&format!("{contract}/amend")).await.expect(201);
        address("contracts", &amended)
    }

    async fn step(&self, booklet: &str) {
        let step = json!({
            "objective": "Lire", "label": "Lire", "activity": "workshop", "grouping": "either",
        });
        let path = format!("{booklet}/plan-steps");
        self.tom.post(&path, step).await.expect(201);
    }

    async fn full_plan(&self, booklet: &str) {
        let row = json!({
            "objective": "Lire", "label": "Lire", "activity": "workshop", "grouping": "either",
        });
        let template = json!({ "name": "Long", "rows": vec![row; 200] });
        let template = self.claire.post("/v1/plan-templates", template).await;
        let choice = json!({ "template_id": template.expect(201)["id"] });
        let path = format!("{booklet}/plan-steps/from-template");
        self.claire.post(&path, choice).await.expect(201);
    }

    pub(super) async fn sheet(&self, booklet: &str) -> String {
        let sheet = json!({ "appointment_on": self.world.day(0) });
        let path = format!("{booklet}/action-sheets");
        address(
            "action-sheets",
            &self.tom.post(&path, sheet).await.expect(201),
        )
    }

    /// A sheet to which an item came that was due yesterday.
    async fn carried(&self, booklet: &str) -> (String, String) {
        let first = self.sheet(booklet).await;
        let item = json!({ "kind": "task", "label": "Lire", "due_on": self.world.day(-1) });
        let item = self.tom.post(&format!("{first}/items"), item).await;
        let item = address("sheet-items", &item.expect(201));
        (self.sheet(booklet).await, item)
    }

    async fn settle(&self, item: &str, sheet: &str) {
        let sheet_id = sheet.rsplit('/').next();
        let done = json!({ "sheet_id": sheet_id, "state": "done" });
        self.act(&self.tom, &format!("{item}/settle"), Some(done))
            .await;
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

    pub(super) async fn contracts(&self) -> Vec<Scene> {
        let new = async || self.booklet("samira").await;
        let mut scenes = vec![
            scene("draft", self.draft(&new().await).await),
            scene("proposed", self.proposed(&new().await).await),
            scene("in force", self.in_force(&new().await).await),
        ];
        for (title, signer) in [
            ("signed by the tutor", &self.tom),
            ("signed by the candidate", &self.samira),
        ] {
            let contract = self.proposed(&new().await).await;
            self.sign(signer, &contract).await;
            scenes.push(scene(title, contract));
        }
        let pending = self.in_force(&new().await).await;
        let amendment = self.amended(&pending).await;
        scenes.push(scene("being amended", pending));
        scenes.push(scene("an amendment", amendment));
        let superseded = self.in_force(&new().await).await;
        let successor = self.amended(&superseded).await;
        self.act(&self.tom, &format!("{successor}/propose"), None)
            .await;
        self.sign(&self.tom, &successor).await;
        self.sign(&self.samira, &successor).await;
        scenes.push(scene("superseded", superseded));
        let terminated = self.in_force(&new().await).await;
        let reason = Some(json!({ "reason": "Ainsi." }));
        self.act(&self.claire, &format!("{terminated}/terminate"), reason)
            .await;
        scenes.push(scene("terminated", terminated));
        let booklet = new().await;
        let ended = self.in_force(&booklet).await;
        self.booklet_after(&booklet, &["close"]).await;
        scenes.push(scene("ended with its booklet", ended));
        let booklet = new().await;
        let proposed = self.proposed(&booklet).await;
        self.booklet_after(&booklet, &["withdraw"]).await;
        scenes.push(scene("proposed in a withdrawn booklet", proposed));
        let booklet = new().await;
        let proposed = self.proposed(&booklet).await;
        let handed_over = json!({ "tutor_id": self.world.user_id("tina") });
        self.claire.patch(&booklet, handed_over).await.expect(200);
        scenes.push(scene("proposed by a tutor who left", proposed));
        let on_paper = self.proposed(&self.booklet("karim").await).await;
        self.sign(&self.tom, &on_paper).await;
        scenes.push(scene("of a candidate without account", on_paper));
        scenes
    }

    pub(super) async fn plans(&self) -> Vec<Scene> {
        let mut scenes = Vec::new();
        for (title, candidate, acts) in [
            ("draft", "samira", &[][..]),
            ("proposed by the tutor", "samira", &[("tom", "propose")]),
            (
                "proposed by the candidate",
                "samira",
                &[("samira", "propose")],
            ),
            (
                "agreed",
                "samira",
                &[("tina", "propose"), ("samira", "agree")],
            ),
            (
                "for a candidate without account",
                "karim",
                &[("tom", "propose")],
            ),
        ] {
            let booklet = self.booklet(candidate).await;
            self.step(&booklet).await;
            for (who, act) in acts {
                let path = format!("{booklet}/plan/{act}");
                self.act(&self.world.as_(who), &path, None).await;
            }
            scenes.push(scene(title, format!("{booklet}/plan")));
        }
        let empty = self.booklet("samira").await;
        scenes.push(scene("empty", format!("{empty}/plan")));
        let full = self.booklet("samira").await;
        self.full_plan(&full).await;
        scenes.push(scene("full", format!("{full}/plan")));
        let closed = self.booklet("samira").await;
        self.step(&closed).await;
        self.booklet_after(&closed, &["close"]).await;
        scenes.push(scene("of a closed booklet", format!("{closed}/plan")));
        scenes
    }

    pub(super) async fn sheets(&self) -> Vec<Scene> {
        let mut scenes = Vec::new();
        for (title, candidate, acts) in [
            ("draft", "samira", &[][..]),
            ("submitted by the tutor", "samira", &[("tom", "submit")]),
            (
                "submitted by the candidate",
                "samira",
                &[("samira", "submit")],
            ),
            (
                "locked",
                "samira",
                &[("tina", "submit"), ("samira", "validate")],
            ),
            (
                "of a candidate without account",
                "karim",
                &[("tom", "submit")],
            ),
        ] {
            let sheet = self.sheet(&self.booklet(candidate).await).await;
            for (who, act) in acts {
                let path = format!("{sheet}/{act}");
                self.act(&self.world.as_(who), &path, None).await;
            }
            scenes.push(scene(title, sheet));
        }
        for (title, answered) in [
            ("with an unanswered item", false),
            ("with an unexplained delay", true),
        ] {
            let (sheet, item) = self.carried(&self.booklet("samira").await).await;
            if answered {
                self.settle(&item, &sheet).await;
            }
            self.act(&self.tom, &format!("{sheet}/submit"), None).await;
            scenes.push(scene(title, sheet));
        }
        let booklet = self.booklet("samira").await;
        let sheet = self.sheet(&booklet).await;
        self.booklet_after(&booklet, &["withdraw"]).await;
        scenes.push(scene("of a withdrawn booklet", sheet));
        scenes
    }
}

fn address(collection: &str, object: &Value) -> String {
    format!("/v1/{collection}/{}", object["id"].as_str().unwrap())
}
