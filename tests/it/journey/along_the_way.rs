//! § 06, § 07 and § 09 to § 11: stages, addresses, what was done and said along the way.

use super::*;

impl Journey<'_> {
    /// § 06: the five stages.
    pub(super) async fn stages(&self) {
        let done = json!({ "state": "done", "comment": "Certification choisie." });
        self.samira
            .patch(&self.page("stages/information_project"), done)
            .await
            .expect(200);
        let begun = json!({ "state": "in_progress" });
        let begun = self
            .tom
            .patch(&self.page("stages/admissibility"), begun)
            .await
            .expect(200);
        assert_eq!(begun["started_on"], json!(self.world.day(0)));
    }

    /// § 07: useful addresses, and « mon contact ».
    pub(super) async fn addresses(&self) {
        let addresses = self
            .samira
            .get("/v1/useful-addresses?category=cep")
            .await
            .expect(200);
        let cep = &addresses["items"][0];
        let contact = json!({
            "category": "cep", "useful_address_id": cep["id"], "name": "Mme Kone",
            "phone": "+33561000001", "is_main": true,
        });
        self.samira
            .post(&self.page("personal-contacts"), contact)
            .await
            .expect(201);
    }

    /// § 09: what the sheets say is done, and what is added by hand.
    pub(super) async fn completed_actions(&self) {
        let visit =
            json!({ "done_on": self.world.day(-1), "description": "Réunion d'information VAE." });
        self.samira
            .post(&self.page("completed-actions"), visit)
            .await
            .expect(201);
        let derived = self.page("completed-actions?source=sheet");
        assert_eq!(count(&self.tom.get(&derived).await.expect(200), "items"), 4);
    }

    /// § 10: what is said between two appointments.
    pub(super) async fn follow_ups(&self) {
        for (mode, comment) in [("phone", "Rappel du rendez-vous."), ("sms", "Bien reçu.")] {
            let call = json!({ "contacted_on": self.world.day(0), "contact_mode": mode, "comment": comment });
            self.tom
                .post(&self.page("follow-ups"), call)
                .await
                .expect(201);
        }
    }

    /// § 11: notes for oneself, and notes for both.
    pub(super) async fn notes(&self) {
        self.tom
            .post(&self.page("notes"), json!({ "body": "Lire à voix haute." }))
            .await
            .expect(201);
        let shared = json!({ "body": "Combien de pages ?", "visibility": "shared" });
        self.samira
            .post(&self.page("notes"), shared)
            .await
            .expect(201);
        assert_eq!(
            count(
                &self.samira.get(&self.page("notes")).await.expect(200),
                "items"
            ),
            1
        );
        assert_eq!(
            count(
                &self.tom.get(&self.page("notes")).await.expect(200),
                "items"
            ),
            2
        );
        assert_eq!(
            count(
                &self.claire.get(&self.page("notes")).await.expect(200),
                "items"
            ),
            1
        );
    }
}
