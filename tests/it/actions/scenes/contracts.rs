//! Contracts: of one signature, in force, amended, over.

use super::*;

impl Stage<'_> {
    pub(crate) async fn draft(&self, booklet: &str) -> String {
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
        let place = json!({ "place": "Lyon" });
        by.sign(&format!("{contract}/signatures"), place)
            .await
            .expect(200);
    }

    pub(crate) async fn in_force(&self, booklet: &str) -> String {
        let contract = self.proposed(booklet).await;
        self.sign(&self.tom, &contract).await;
        self.sign(&self.samira, &contract).await;
        contract
    }

    async fn amended(&self, contract: &str) -> String {
        let amended = self.tom.act(&format!("{contract}/amend")).await.expect(201);
        address("contracts", &amended)
    }

    pub(crate) async fn contracts(&self) -> Vec<Scene> {
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
}
