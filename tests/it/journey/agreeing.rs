//! § 02 to § 05: a contract, what is aimed at, and a plan that both agree to.

use super::*;

impl Journey<'_> {
    /// § 02 and § 03: a contract that both sign, the organization's pledge printed with it.
    pub(super) async fn contract(&self) -> Value {
        let draft = json!({ "ends_on": self.world.day(180) });
        let contract = self
            .tom
            .post(&self.page("contracts"), draft)
            .await
            .expect(201);
        assert!(contract["pledge"].as_str().unwrap().len() > 100);
        assert_eq!(
            contract["candidate_commitments"].as_array().unwrap().len(),
            5
        );
        assert_eq!(contract["tutor_commitments"].as_array().unwrap().len(), 6);
        let contract = act(&self.tom, "contracts", &contract, "propose").await;
        let half = sign(&self.samira, &contract).await;
        assert_eq!(half["state"], "proposed");
        let signed = sign(&self.tom, &contract).await;
        assert_eq!(signed["state"], "in_force");
        assert_eq!(signed["signatures"][0]["signer_name"], "Samira Benali");
        assert_eq!(signed["signatures"][1]["place"], "Toulouse");
        let proof = self
            .samira
            .get(&item("contracts", &contract, "proof"))
            .await
            .expect(200);
        assert_eq!(proof["content_sha256"], signed["content_sha256"]);
        assert!(
            proof["canonical"]
                .as_str()
                .unwrap()
                .contains("Horizon Formation")
        );
        assert_eq!(
            self.samira.get(&self.book).await.expect(200)["state"],
            "active"
        );
        signed
    }

    /// § 04: « Je suis candidat à la VAE ». Gives what the sheets will work on.
    pub(super) async fn objectives(&self) -> Value {
        for (kind, statement) in [
            ("project", "Obtenir le CAP, après neuf ans de métier."),
            ("means", "Deux soirées par semaine."),
            ("expectation", "Que l'on m'explique les mots difficiles."),
        ] {
            let objective = json!({ "kind": kind, "statement": statement });
            self.samira
                .post(&self.page("objectives"), objective)
                .await
                .expect(201);
        }
        let working = json!({
            "kind": "working", "statement": "Rassembler les justificatifs", "due_on": self.world.day(28),
        });
        self.tom
            .post(&self.page("objectives"), working)
            .await
            .expect(201)
    }

    /// § 05: the generic plan, personalised in an interview. Gives its first step.
    pub(super) async fn plan(&self) -> Value {
        let steps = self
            .tom
            .post(&self.page("plan-steps/from-template"), json!({}))
            .await
            .expect(201);
        let steps = steps["items"].as_array().unwrap().clone();
        assert_eq!(steps.len(), 8);
        let personal = json!({
            "duration_minutes": 90, "grouping": "individual",
            "planned_from": self.world.day(0), "planned_to": self.world.day(7),
        });
        self.tom
            .patch(&item("plan-steps", &steps[0], ""), personal)
            .await
            .expect(200);
        let own = json!({
            "objective": "Être à l'aise pour écrire", "label": "Atelier ordinateur",
            "activity": "workshop", "grouping": "collective", "position": 3,
        });
        self.tom
            .post(&self.page("plan-steps"), own)
            .await
            .expect(201);
        self.samira
            .act(&self.page("plan/propose"))
            .await
            .expect(200);
        let plan = self.tom.act(&self.page("plan/agree")).await.expect(200);
        assert_eq!(plan["state"], "agreed");
        assert_eq!(plan["steps"][2]["label"], "Atelier ordinateur");
        let first = item("plan-steps", &steps[0], "");
        self.tom
            .patch(&first, json!({ "state": "done" }))
            .await
            .expect(200);
        assert_eq!(
            self.tom.get(&self.page("plan")).await.expect(200)["state"],
            "agreed"
        );
        steps[0].clone()
    }
}
