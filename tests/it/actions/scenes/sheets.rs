//! Action sheets: submitted, locked, with items that came from another.

use super::*;

impl Stage<'_> {
    pub(crate) async fn sheet(&self, booklet: &str) -> String {
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

    pub(crate) async fn sheets(&self) -> Vec<Scene> {
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
            self.after(&sheet, acts).await;
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
