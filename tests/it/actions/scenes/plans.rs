//! Plans: empty, full, proposed, agreed.

use super::*;

impl Stage<'_> {
    async fn step(&self, booklet: &str) {
        let path = format!("{booklet}/plan-steps");
        self.tom.post(&path, row()).await.expect(201);
    }

    pub(super) async fn full_plan(&self, booklet: &str) {
        let template = json!({ "name": "Long", "rows": vec![row(); 200] });
        let template = self.claire.post("/v1/plan-templates", template).await;
        let choice = json!({ "template_id": template.expect(201)["id"] });
        let path = format!("{booklet}/plan-steps/from-template");
        self.claire.post(&path, choice).await.expect(201);
    }

    pub(crate) async fn plans(&self) -> Vec<Scene> {
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
            let plan = format!("{booklet}/plan");
            self.after(&plan, acts).await;
            scenes.push(scene(title, plan));
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
}

/// A row of a template, which is a step too.
fn row() -> Value {
    json!({ "objective": "Lire", "label": "Lire", "activity": "workshop", "grouping": "either" })
}
