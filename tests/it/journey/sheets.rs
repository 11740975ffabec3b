//! § 08: three action sheets, and what goes from one to the next.

use super::*;

impl Journey<'_> {
    /// About this objective, the first of them about this step.
    pub(super) async fn sheets(&self, papers: &Value, step: &Value) {
        let (payslips, relay) = self.first_sheet(papers, step).await;
        let form = self.second_sheet(&payslips, &relay).await;
        self.third_sheet(papers, &relay, &form).await;
    }

    /// § 08, the first sheet: what is to produce, to contact and to do before the next one.
    async fn first_sheet(&self, papers: &Value, step: &Value) -> (Value, Value) {
        let appointment = json!({
            "starts_at": format!("{}T09:00:00Z", self.world.day(0)), "kind": "interview",
            "ends_at": format!("{}T10:00:00Z", self.world.day(0)), "mode": "on_site", "place": "Salle 2",
            "plan_step_id": step["id"],
        });
        let appointment = self
            .tom
            .post(&self.page("appointments"), appointment)
            .await
            .expect(201);
        let sheet = json!({
            "appointment_on": self.world.day(0), "appointment_id": appointment["id"],
            "targeted_objectives": "Comprendre les étapes.", "targeted_objective_ids": [papers["id"]],
            "difficulties": "Beaucoup de mots nouveaux.", "successes": "Un parcours bien raconté.",
            "remarks": "Prévoir un schéma.", "summary": "Un bon départ.",
            "next_appointment_on": self.world.day(14),
        });
        let one = self
            .tom
            .post(&self.page("action-sheets"), sheet)
            .await
            .expect(201);
        note(
            &self.tom,
            &one,
            json!({ "kind": "task", "label": "Ouvrir le livret", "state": "done" }),
        )
        .await;
        let payslips =
            json!({ "kind": "document", "label": "Bulletins", "due_on": self.world.day(14) });
        let payslips = note(&self.tom, &one, payslips).await;
        let relay = json!({ "kind": "contact", "label": "Point relais conseil", "owner": "tutor" });
        let relay = note(&self.tom, &one, relay).await;
        act(&self.tom, "action-sheets", &one, "submit").await;
        let one = act(&self.samira, "action-sheets", &one, "validate").await;
        assert_eq!((count(&one, "done"), count(&one, "to_do")), (1, 2));
        (payslips, relay)
    }

    /// The second answers what the first raised: one thing done, one carried on, one new.
    async fn second_sheet(&self, payslips: &Value, relay: &Value) -> Value {
        let sheet = json!({ "appointment_on": self.world.day(14), "next_appointment_on": self.world.day(28) });
        let two = self
            .tom
            .post(&self.page("action-sheets"), sheet)
            .await
            .expect(201);
        assert_eq!(
            (&two["number"], count(&two, "carried_over")),
            (&json!(2), 2)
        );
        act(&self.samira, "action-sheets", &two, "submit").await;
        let unanswered = item("action-sheets", &two, "validate");
        self.tom
            .act(&unanswered)
            .await
            .refused(409, "sheet_items_open");
        act(&self.samira, "action-sheets", &two, "reopen").await;
        let produced = json!({ "sheet_id": two["id"], "state": "done" });
        answer(&self.samira, payslips, "settle", produced).await;
        let later = json!({ "sheet_id": two["id"], "reason": "Fermé cette semaine." });
        answer(&self.tom, relay, "carry-on", later).await;
        let form = json!({ "kind": "document", "label": "Livret 1", "due_on": self.world.day(20) });
        let form = note(&self.tom, &two, form).await;
        act(&self.samira, "action-sheets", &two, "submit").await;
        act(&self.tom, "action-sheets", &two, "validate").await;
        form
    }

    /// The third: nothing is left over, and what is late is explained.
    async fn third_sheet(&self, papers: &Value, relay: &Value, form: &Value) {
        let sheet = json!({ "appointment_on": self.world.day(28), "achieved_objective_ids": [papers["id"]] });
        let three = self
            .tom
            .post(&self.page("action-sheets"), sheet)
            .await
            .expect(201);
        let called = json!({ "sheet_id": three["id"], "state": "done" });
        answer(&self.tom, relay, "settle", called).await;
        let late =
            json!({ "sheet_id": three["id"], "state": "done", "reason": "Horaires changés." });
        let late = answer(&self.samira, form, "settle", late).await;
        assert_eq!(
            (&late["is_late"], &late["warnings"]),
            (&json!(true), &json!([]))
        );
        act(&self.tom, "action-sheets", &three, "submit").await;
        let three = act(&self.samira, "action-sheets", &three, "validate").await;
        assert_eq!(
            (&three["state"], count(&three, "carried_over")),
            (&json!("locked"), 2)
        );
        let closed = item("action-sheets", &three, "");
        self.tom
            .patch(&closed, json!({ "remarks": "Encore." }))
            .await
            .refused(409, "sheet_locked");
    }
}
