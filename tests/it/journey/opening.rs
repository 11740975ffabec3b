//! The accounts, and § 01.

use super::*;

impl<'a> Journey<'a> {
    /// The operator makes the first account; the platform admin, an organization and its first
    /// coordinator; the coordinator, everybody else.
    pub(super) async fn begun(world: &'a World) -> Self {
        api::program::admin::create(&world.state.config, "ada@livret.example", PASSWORD)
            .await
            .unwrap();
        let ada = world.log_in("ada@livret.example", PASSWORD).await;
        let horizon =
            json!({ "name": "Horizon Formation", "address": "12 rue des Lilas, Toulouse" });
        let horizon = ada.post("/v1/organizations", horizon).await.expect(201);
        let claire = json!({ "role": "coordinator", "organization_id": horizon["id"] });
        let (claire, _) = join(world, &ada, ("Claire", "Fontaine"), claire).await;
        let hire = async |name, role| join(world, &claire, name, json!({ "role": role })).await;
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
        assert_eq!(booklet["purpose"], migration::content::PURPOSE);
        assert_eq!(booklet["state"], "open");
        Self {
            world,
            claire,
            tom,
            samira,
            paul,
            book: item("booklets", &booklet, ""),
        }
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
