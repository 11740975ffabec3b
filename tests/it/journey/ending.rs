//! An amendment, the jury's decision, and all of it read again.

use super::*;

impl Journey<'_> {
    /// The support lasts longer: an amendment, which takes the contract's place.
    pub(super) async fn amendment(&self, contract: &Value) -> Value {
        let amendment = self
            .tom
            .act(&item("contracts", contract, "amend"))
            .await
            .expect(201);
        let longer = json!({ "ends_on": self.world.day(240) });
        self.tom
            .patch(&item("contracts", &amendment, ""), longer)
            .await
            .expect(200);
        let amendment = act(&self.tom, "contracts", &amendment, "propose").await;
        sign(&self.tom, &amendment).await;
        let amended = sign(&self.samira, &amendment).await;
        assert_eq!(
            (&amended["number"], &amended["state"]),
            (&json!(2), &json!("in_force"))
        );
        amendment
    }

    /// The prescriber learns how far it has come, in states and dates alone.
    pub(super) async fn milestones(&self) {
        let milestones = self.paul.get("/v1/milestones").await.expect(200);
        let booklet = self.samira.get(&self.book).await.expect(200);
        assert_eq!(milestones["items"][0]["booklet_id"], booklet["id"]);
        let milestones = self.paul.get(&self.page("milestones")).await.expect(200);
        let states: Vec<_> = list(&milestones, "contracts")
            .iter()
            .map(|c| &c["state"])
            .collect();
        assert!(states.contains(&&json!("superseded")) && states.contains(&&json!("in_force")));
        assert_eq!(milestones["plan"]["state"], "agreed");
        assert_eq!(count(&milestones, "action_sheets"), 3);
        assert!(!milestones.to_string().contains("Bulletins"));
        self.paul.get(&self.book).await.refused(403, "forbidden");
    }

    /// The jury has decided: the booklet closes, and with it the contract.
    pub(super) async fn close(&self, amendment: &Value) {
        let outcome = json!({ "outcome": "full", "reason": "Certification obtenue." });
        let over = self
            .claire
            .post(&self.page("close"), outcome)
            .await
            .expect(200);
        assert_eq!(
            (&over["state"], &over["outcome"]),
            (&json!("closed"), &json!("full"))
        );
        let call = json!({ "contacted_on": self.world.day(0), "contact_mode": "sms", "comment": "Bravo !" });
        self.tom
            .post(&self.page("follow-ups"), call)
            .await
            .refused(409, "booklet_closed");
        let amended = self
            .samira
            .get(&item("contracts", amendment, ""))
            .await
            .expect(200);
        assert_eq!(amended["state"], "ended");
    }

    /// Samira reads it all again: whole, and section by section.
    pub(super) async fn read_again(&self) {
        let full = self.samira.get(&self.page("full")).await.expect(200);
        assert_eq!(
            full["booklet"],
            self.samira.get(&self.book).await.expect(200)
        );
        assert_eq!(
            full["plan"],
            self.samira.get(&self.page("plan")).await.expect(200)
        );
        for (section, path, entries) in [
            ("members", "members", 1),
            ("contracts", "contracts", 2),
            ("objectives", "objectives", 4),
            ("stages", "stages", 5),
            ("personal_contacts", "personal-contacts", 1),
            ("appointments", "appointments", 1),
            ("action_sheets", "action-sheets", 3),
            ("completed_actions", "completed-actions", 5),
            ("follow_ups", "follow-ups", 2),
            ("notes", "notes", 1),
        ] {
            let alone = self.samira.get(&self.page(path)).await.expect(200);
            assert_eq!(by_id(&full, section), by_id(&alone, "items"), "{section}");
            assert_eq!(count(&full, section), entries, "{section}");
        }
    }
}
