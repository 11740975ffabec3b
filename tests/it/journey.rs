//! One booklet, from the first account on the platform to the jury's decision, filled in as the
//! paper would be.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use serde_json::{Value, json};
use tests::{Client, PASSWORD, World};

use crate::empty_world;

#[tokio::test]
async fn a_booklet_is_filled_from_its_first_section_to_its_last() {
    let world = empty_world().await;

    // The operator makes the first account; the platform admin, an organization and its first
    // coordinator; the coordinator, everybody else.
    api::admin::create(&world.state.config, "ada@livret.example", PASSWORD)
        .await
        .unwrap();
    let ada = world.log_in("ada@livret.example", PASSWORD).await;
    let horizon = json!({ "name": "Horizon Formation", "address": "12 rue des Lilas, Toulouse" });
    let horizon = ada.post("/v1/organizations", horizon).await.expect(201);
    let claire = json!({ "role": "coordinator", "organization_id": horizon["id"] });
    let (claire, _) = join(&world, &ada, ("Claire", "Fontaine"), claire).await;
    let hire = async |name, role| join(&world, &claire, name, json!({ "role": role })).await;
    let (tom, tom_id) = hire(("Tom", "Martin"), "tutor").await;
    let (paul, paul_id) = hire(("Paul", "Vidal"), "prescriber").await;
    let (_, vera_id) = hire(("Vera", "Roux"), "validator").await;
    let (samira, samira_id) = hire(("Samira", "Benali"), "candidate").await;

    // § 01: the booklet says what it is for.
    let candidate = json!({
        "given_name": "Samira", "family_name": "Benali", "user_id": samira_id,
        "birth_date": "1987-04-12", "phone": "+33600000001", "preferred_channel": "sms",
    });
    let candidate = claire.post("/v1/candidates", candidate).await.expect(201);
    let booklet = json!({
        "candidate_id": candidate["id"], "tutor_id": tom_id, "prescriber_id": paul_id,
        "validator_id": vera_id, "target_closing_on": world.day(200),
        "certification": { "label": "CAP Agent de propreté et d'hygiène", "rncp_code": "38399" },
    });
    let booklet = claire.post("/v1/booklets", booklet).await.expect(201);
    let book = format!("/v1/booklets/{}", id(&booklet));
    let page = |name: &str| format!("{book}/{name}");
    assert_eq!(booklet["purpose"], migration::content::PURPOSE);
    assert_eq!(booklet["state"], "open");

    // § 02 and § 03: a contract that both sign, the organization's pledge printed with it.
    let draft = json!({ "ends_on": world.day(180) });
    let contract = tom.post(&page("contracts"), draft).await.expect(201);
    assert!(contract["pledge"].as_str().unwrap().len() > 100);
    assert_eq!(
        contract["candidate_commitments"].as_array().unwrap().len(),
        5
    );
    assert_eq!(contract["tutor_commitments"].as_array().unwrap().len(), 6);
    act(&tom, "contracts", &contract, "propose").await;
    let half = sign(&samira, &contract).await;
    assert_eq!(half["state"], "proposed");
    let signed = sign(&tom, &contract).await;
    assert_eq!(signed["state"], "in_force");
    assert_eq!(signed["signatures"][0]["signer_name"], "Samira Benali");
    assert_eq!(signed["signatures"][1]["place"], "Toulouse");
    let proof = samira
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
    assert_eq!(samira.get(&book).await.expect(200)["state"], "active");

    // § 04: « Je suis candidat à la VAE ».
    for (kind, statement) in [
        ("project", "Obtenir le CAP, après neuf ans de métier."),
        ("means", "Deux soirées par semaine."),
        ("expectation", "Que l'on m'explique les mots difficiles."),
    ] {
        let objective = json!({ "kind": kind, "statement": statement });
        samira
            .post(&page("objectives"), objective)
            .await
            .expect(201);
    }
    let working = json!({
        "kind": "working", "statement": "Rassembler les justificatifs", "due_on": world.day(28),
    });
    let papers = tom.post(&page("objectives"), working).await.expect(201);

    // § 05: the generic plan, personalised in an interview.
    let steps = tom
        .post(&page("plan-steps/from-template"), json!({}))
        .await
        .expect(201);
    let steps = steps["items"].as_array().unwrap().clone();
    assert_eq!(steps.len(), 8);
    let personal = json!({
        "duration_minutes": 90, "grouping": "individual",
        "planned_from": world.day(0), "planned_to": world.day(7),
    });
    tom.patch(&item("plan-steps", &steps[0], ""), personal)
        .await
        .expect(200);
    let own = json!({
        "objective": "Être à l'aise pour écrire", "label": "Atelier ordinateur",
        "activity": "workshop", "grouping": "collective", "position": 3,
    });
    tom.post(&page("plan-steps"), own).await.expect(201);
    samira.act(&page("plan/propose")).await.expect(200);
    let plan = tom.act(&page("plan/agree")).await.expect(200);
    assert_eq!(plan["state"], "agreed");
    assert_eq!(plan["steps"][2]["label"], "Atelier ordinateur");
    let first = item("plan-steps", &steps[0], "");
    tom.patch(&first, json!({ "state": "done" }))
        .await
        .expect(200);
    assert_eq!(tom.get(&page("plan")).await.expect(200)["state"], "agreed");

    // § 06: the five stages.
    let done = json!({ "state": "done", "comment": "Certification choisie." });
    samira
        .patch(&page("stages/information_project"), done)
        .await
        .expect(200);
    let begun = json!({ "state": "in_progress" });
    let begun = tom
        .patch(&page("stages/admissibility"), begun)
        .await
        .expect(200);
    assert_eq!(begun["started_on"], json!(world.day(0)));

    // § 07: useful addresses, and « mon contact ».
    let addresses = samira
        .get("/v1/useful-addresses?category=cep")
        .await
        .expect(200);
    let cep = &addresses["items"][0];
    let contact = json!({
        "category": "cep", "useful_address_id": cep["id"], "name": "Mme Kone",
        "phone": "+33561000001", "is_main": true,
    });
    samira
        .post(&page("personal-contacts"), contact)
        .await
        .expect(201);

    // § 08, the first sheet: what is to produce, to contact and to do before the next one.
    let appointment = json!({
        "starts_at": format!("{}T09:00:00Z", world.day(0)), "kind": "interview",
        "ends_at": format!("{}T10:00:00Z", world.day(0)), "mode": "on_site", "place": "Salle 2",
        "plan_step_id": steps[0]["id"],
    });
    let appointment = tom
        .post(&page("appointments"), appointment)
        .await
        .expect(201);
    let sheet = json!({
        "appointment_on": world.day(0), "appointment_id": appointment["id"],
        "targeted_objectives": "Comprendre les étapes.", "targeted_objective_ids": [papers["id"]],
        "difficulties": "Beaucoup de mots nouveaux.", "successes": "Un parcours bien raconté.",
        "remarks": "Prévoir un schéma.", "summary": "Un bon départ.",
        "next_appointment_on": world.day(14),
    });
    let one = tom.post(&page("action-sheets"), sheet).await.expect(201);
    note(
        &tom,
        &one,
        json!({ "kind": "task", "label": "Ouvrir le livret", "state": "done" }),
    )
    .await;
    let payslips = json!({ "kind": "document", "label": "Bulletins", "due_on": world.day(14) });
    let payslips = note(&tom, &one, payslips).await;
    let relay = json!({ "kind": "contact", "label": "Point relais conseil", "owner": "tutor" });
    let relay = note(&tom, &one, relay).await;
    act(&tom, "action-sheets", &one, "submit").await;
    let one = act(&samira, "action-sheets", &one, "validate").await;
    assert_eq!((count(&one, "done"), count(&one, "to_do")), (1, 2));

    // The second answers what the first raised: one thing done, one carried on, one new.
    let sheet = json!({ "appointment_on": world.day(14), "next_appointment_on": world.day(28) });
    let two = tom.post(&page("action-sheets"), sheet).await.expect(201);
    assert_eq!(
        (&two["number"], count(&two, "carried_over")),
        (&json!(2), 2)
    );
    act(&samira, "action-sheets", &two, "submit").await;
    let unanswered = item("action-sheets", &two, "validate");
    tom.act(&unanswered).await.refused(409, "sheet_items_open");
    act(&samira, "action-sheets", &two, "reopen").await;
    let produced = json!({ "sheet_id": two["id"], "state": "done" });
    answer(&samira, &payslips, "settle", produced).await;
    let later = json!({ "sheet_id": two["id"], "reason": "Fermé cette semaine." });
    answer(&tom, &relay, "carry-on", later).await;
    let form = json!({ "kind": "document", "label": "Livret 1", "due_on": world.day(20) });
    let form = note(&tom, &two, form).await;
    act(&samira, "action-sheets", &two, "submit").await;
    act(&tom, "action-sheets", &two, "validate").await;

    // The third: nothing is left over, and what is late is explained.
    let sheet =
        json!({ "appointment_on": world.day(28), "achieved_objective_ids": [papers["id"]] });
    let three = tom.post(&page("action-sheets"), sheet).await.expect(201);
    let called = json!({ "sheet_id": three["id"], "state": "done" });
    answer(&tom, &relay, "settle", called).await;
    let late = json!({ "sheet_id": three["id"], "state": "done", "reason": "Horaires changés." });
    let late = answer(&samira, &form, "settle", late).await;
    assert_eq!(
        (&late["is_late"], &late["warnings"]),
        (&json!(true), &json!([]))
    );
    act(&tom, "action-sheets", &three, "submit").await;
    let three = act(&samira, "action-sheets", &three, "validate").await;
    assert_eq!(
        (&three["state"], count(&three, "carried_over")),
        (&json!("locked"), 2)
    );
    let closed = item("action-sheets", &three, "");
    tom.patch(&closed, json!({ "remarks": "Encore." }))
        .await
        .refused(409, "sheet_locked");

    // § 09: what the sheets say is done, and what is added by hand.
    let visit = json!({ "done_on": world.day(-1), "description": "Réunion d'information VAE." });
    samira
        .post(&page("completed-actions"), visit)
        .await
        .expect(201);
    let derived = page("completed-actions?source=sheet");
    assert_eq!(count(&tom.get(&derived).await.expect(200), "items"), 4);

    // § 10: what is said between two appointments.
    for (mode, comment) in [("phone", "Rappel du rendez-vous."), ("sms", "Bien reçu.")] {
        let call =
            json!({ "contacted_on": world.day(0), "contact_mode": mode, "comment": comment });
        tom.post(&page("follow-ups"), call).await.expect(201);
    }

    // § 11: notes for oneself, and notes for both.
    tom.post(&page("notes"), json!({ "body": "Lire à voix haute." }))
        .await
        .expect(201);
    let shared = json!({ "body": "Combien de pages ?", "visibility": "shared" });
    samira.post(&page("notes"), shared).await.expect(201);
    assert_eq!(
        count(&samira.get(&page("notes")).await.expect(200), "items"),
        1
    );
    assert_eq!(
        count(&tom.get(&page("notes")).await.expect(200), "items"),
        2
    );
    assert_eq!(
        count(&claire.get(&page("notes")).await.expect(200), "items"),
        1
    );

    // The support lasts longer: an amendment, which takes the contract's place.
    let amendment = tom
        .act(&item("contracts", &contract, "amend"))
        .await
        .expect(201);
    let longer = json!({ "ends_on": world.day(240) });
    tom.patch(&item("contracts", &amendment, ""), longer)
        .await
        .expect(200);
    act(&tom, "contracts", &amendment, "propose").await;
    sign(&tom, &amendment).await;
    let amended = sign(&samira, &amendment).await;
    assert_eq!(
        (&amended["number"], &amended["state"]),
        (&json!(2), &json!("in_force"))
    );

    // The prescriber learns how far it has come, in states and dates alone.
    let milestones = paul.get("/v1/milestones").await.expect(200);
    assert_eq!(milestones["items"][0]["booklet_id"], booklet["id"]);
    let milestones = paul.get(&page("milestones")).await.expect(200);
    let states: Vec<_> = list(&milestones, "contracts")
        .iter()
        .map(|c| &c["state"])
        .collect();
    assert!(states.contains(&&json!("superseded")) && states.contains(&&json!("in_force")));
    assert_eq!(milestones["plan"]["state"], "agreed");
    assert_eq!(count(&milestones, "action_sheets"), 3);
    assert!(!milestones.to_string().contains("Bulletins"));
    paul.get(&book).await.refused(403, "forbidden");

    // The jury has decided: the booklet closes, and with it the contract.
    let outcome = json!({ "outcome": "full", "reason": "Certification obtenue." });
    let over = claire.post(&page("close"), outcome).await.expect(200);
    assert_eq!(
        (&over["state"], &over["outcome"]),
        (&json!("closed"), &json!("full"))
    );
    let call = json!({ "contacted_on": world.day(0), "contact_mode": "sms", "comment": "Bravo !" });
    tom.post(&page("follow-ups"), call)
        .await
        .refused(409, "booklet_closed");
    let amended = samira
        .get(&item("contracts", &amendment, ""))
        .await
        .expect(200);
    assert_eq!(amended["state"], "ended");

    // Samira reads it all again: whole, and section by section.
    let full = samira.get(&page("full")).await.expect(200);
    assert_eq!(full["booklet"], samira.get(&book).await.expect(200));
    assert_eq!(full["plan"], samira.get(&page("plan")).await.expect(200));
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
        let alone = samira.get(&page(path)).await.expect(200);
        assert_eq!(by_id(&full, section), by_id(&alone, "items"), "{section}");
        assert_eq!(count(&full, section), entries, "{section}");
    }
}

/// An account, its invitation, accepted, and a first log-in.
async fn join(
    world: &World,
    host: &Client,
    (given_name, family_name): (&str, &str),
    mut person: Value,
) -> (Client, String) {
    let email = format!("{}@horizon.example", given_name.to_lowercase());
    person["email"] = json!(email);
    person["given_name"] = json!(given_name);
    person["family_name"] = json!(family_name);
    let person = host.post("/v1/users", person).await.expect(201);
    let invitation = host.act(&item("users", &person, "invitation")).await;
    let token = &invitation.expect(200)["token"];
    let accepted = json!({ "token": token, "password": PASSWORD });
    let accept = "/v1/auth/invitations/accept";
    world.anonymous().post(accept, accepted).await.expect(200);
    (world.log_in(&email, PASSWORD).await, id(&person).to_owned())
}

async fn sign(party: &Client, contract: &Value) -> Value {
    let place = json!({ "place": "Toulouse" });
    let signatures = item("contracts", contract, "signatures");
    party.post(&signatures, place).await.expect(200)
}

async fn act(who: &Client, collection: &str, object: &Value, action: &str) -> Value {
    who.act(&item(collection, object, action)).await.expect(200)
}

/// Writes an item on a sheet.
async fn note(tutor: &Client, sheet: &Value, new: Value) -> Value {
    let items = item("action-sheets", sheet, "items");
    tutor.post(&items, new).await.expect(201)
}

/// Says on a sheet what became of an item.
async fn answer(who: &Client, of: &Value, action: &str, body: Value) -> Value {
    who.post(&item("sheet-items", of, action), body)
        .await
        .expect(200)
}

fn id(object: &Value) -> &str {
    object["id"].as_str().unwrap()
}

fn item(collection: &str, object: &Value, action: &str) -> String {
    let path = format!("/v1/{collection}/{}/{action}", id(object));
    path.trim_end_matches('/').to_owned()
}

fn list<'a>(object: &'a Value, name: &str) -> &'a [Value] {
    object[name].as_array().unwrap()
}

fn count(object: &Value, name: &str) -> usize {
    list(object, name).len()
}

fn by_id<'a>(object: &'a Value, name: &str) -> Vec<&'a Value> {
    let mut entries: Vec<&Value> = list(object, name).iter().collect();
    entries.sort_by_key(|entry| id(entry));
    entries
}
