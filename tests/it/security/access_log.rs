//! What the access log keeps: every sign-in, refusal and read, by names alone, within bounds.

use api::foundation::database::Database;
use api::trust::chain::write_accesses;
use chrono::TimeDelta;
use entity::access_entry::{self, Column};
use reqwest::Method;
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};
use tests::{PASSWORD, World};

use crate::it::accesses::written;
use crate::it::auth::log_in;
use crate::world;

#[expect(clippy::disallowed_methods, reason = "a test reads the whole log")]
pub(crate) async fn lines(world: &World) -> Vec<access_entry::Model> {
    written(world).await;
    access_entry::Entity::find()
        .order_by_asc(Column::Sequence)
        .all(world.state.db.reader())
        .await
        .unwrap()
}

/// Operation, outcome, code and actor of each line.
async fn told(world: &World) -> Vec<(String, String, Option<String>, Option<String>)> {
    let name = |id| {
        let users = &world.people().users;
        let mut found = users.iter().filter(|(_, person)| Some(person.id) == id);
        found.next().map(|(name, _)| (*name).to_owned())
    };
    let lines = lines(world).await.into_iter();
    lines
        .map(|line| (line.operation, line.outcome, line.code, name(line.actor_id)))
        .collect()
}

fn line(
    operation: &str,
    code: Option<&str>,
    name: Option<&str>,
) -> (String, String, Option<String>, Option<String>) {
    let outcome = if code.is_some() { "refused" } else { "ok" };
    (
        operation.to_owned(),
        outcome.to_owned(),
        code.map(ToOwned::to_owned),
        name.map(ToOwned::to_owned),
    )
}

#[tokio::test]
async fn every_sign_in_is_kept_good_or_bad() {
    let world = world().await;
    let anonymous = world.anonymous();
    let refresh = async |tokens: &Value| {
        let body = json!({ "refresh_token": tokens["refresh_token"] });
        anonymous.post("/v1/auth/refresh", body).await
    };
    log_in(&world, "tom@livret.example", "wrong password").await;
    log_in(&world, "nobody@livret.example", PASSWORD).await;
    let tokens = log_in(&world, "tom@livret.example", PASSWORD).await.body;
    refresh(&tokens).await.expect(200);
    world.clock.advance(TimeDelta::minutes(1));
    refresh(&tokens).await.refused(401, "invalid_refresh_token");
    let again = log_in(&world, "tom@livret.example", PASSWORD).await.body;
    let body = json!({ "refresh_token": again["refresh_token"] });
    anonymous.post("/v1/auth/logout", body).await.expect(204);
    let token = again["access_token"].as_str().unwrap();
    let gone = anonymous.bearing(token).get("/v1/me").await;
    gone.refused(401, "unauthenticated");
    assert_eq!(
        told(&world).await,
        [
            line("log_in", Some("invalid_credentials"), Some("tom")),
            line("log_in", Some("invalid_credentials"), None),
            line("log_in", None, Some("tom")),
            line("refresh", None, Some("tom")),
            line("refresh", Some("refresh_token_reused"), Some("tom")),
            line("log_in", None, Some("tom")),
            line("log_out", None, Some("tom")),
            line("get_me", Some("unauthenticated"), Some("tom")),
        ]
    );
    let kept = lines(&world).await;
    assert!(kept[2].session_id.is_some() && kept[3].session_id == kept[2].session_id);
    assert!(kept.iter().take(7).all(|line| line.kind == "sign_in"));
    assert!(
        kept.iter().all(|line| {
            line.address.as_deref() == Some("127.0.0.1") && line.request_id.is_some()
        })
    );
}

#[tokio::test]
async fn every_grant_to_a_service_account_is_kept() {
    let world = world().await;
    let body = json!({ "name": "CRM", "scopes": ["booklets:read"] });
    let claire = world.as_("claire");
    let account = claire.post("/v1/service-accounts", body).await.expect(201);
    let client = account["client_id"].as_str().unwrap();
    for secret in [account["secret"].as_str().unwrap(), "wrong"] {
        let form =
            format!("grant_type=client_credentials&client_id={client}&client_secret={secret}");
        world.anonymous().form("/oauth/token", &form, &[]).await;
    }
    let kept = lines(&world).await;
    let id = account["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(kept.len(), 2);
    for (line, outcome) in kept.iter().zip(["ok", "refused"]) {
        assert_eq!((&*line.operation, &*line.outcome), ("issue_token", outcome));
        assert_eq!(line.actor_id, Some(id));
        assert_eq!(line.actor_role.as_deref(), Some("integration"));
    }
}

#[tokio::test]
async fn every_refusal_of_somebody_known_is_kept() {
    let world = world().await;
    let tom = world.as_("tom");
    let follow_ups = world.booklet("samira", "follow-ups");
    tom.post(&follow_ups, json!({ "contact_mode": "pigeon" }))
        .await
        .expect(422);
    tom.get("/v1/accesses").await.expect(403);
    tom.get(&world.booklet("nadia", "")).await.expect(404);
    world
        .as_("samira")
        .act(&world.booklet("samira", "plan/propose"))
        .await
        .expect(409);
    let booklet = world.booklet("samira", "");
    let stale = [("if-match", "\"77\"")];
    tom.send(Method::PATCH, &booklet, Some(json!({})), &stale)
        .await
        .expect(412);
    tom.send(Method::PATCH, &booklet, Some(json!({})), &[])
        .await
        .expect(428);
    world.anonymous().get(&booklet).await.expect(401);
    assert_eq!(
        told(&world).await,
        [
            line("create_follow_up", Some("invalid"), Some("tom")),
            line("list_accesses", Some("forbidden"), Some("tom")),
            line("get_booklet", Some("not_found"), Some("tom")),
            line("propose_plan", Some("plan_empty"), Some("samira")),
            line("update_booklet", Some("stale"), Some("tom")),
            line("update_booklet", Some("precondition_required"), Some("tom")),
            line("get_booklet", Some("unauthenticated"), None),
        ]
    );
}

#[tokio::test]
async fn an_id_in_another_notation_names_the_same_booklet() {
    let world = world().await;
    let id = world.booklet_id("samira");
    let encoded = id.to_string().replacen('0', "%30", 2);
    for id in [
        id.simple().to_string(),
        id.to_string().to_uppercase(),
        encoded,
    ] {
        let answer = world.as_("tom").get(&format!("/v1/booklets/{id}")).await;
        let line = lines(&world).await.pop().unwrap();
        assert_eq!(answer.status, 200, "{id}");
        assert_eq!(line.booklet_id, Some(world.booklet_id("samira")), "{id}");
    }
}

#[tokio::test]
async fn nothing_personal_is_kept() {
    let world = world().await;
    let tom = world.as_("tom");
    log_in(&world, "tom@livret.example", "Motdepasse-Faux").await;
    log_in(&world, "Inconnue@ailleurs.example", "Motdepasse-Faux").await;
    let wanted = "/v1/candidates?q=Zélie&external_system=crm&external_id=C-1042";
    tom.get(wanted).await.expect(200);
    let fault = json!({ "contact_mode": "Pigeonnier", "comment": "Confidence", "Adresse": "x" });
    tom.post(&world.booklet("samira", "follow-ups"), fault)
        .await
        .expect(422);
    let mail = "/v1/booklets/samira@livret.example";
    tom.get(mail).await.expect(400);
    tom.send(
        Method::GET,
        "/v1/candidates",
        None,
        &[("user-agent", "Navigateur")],
    )
    .await
    .expect(200);
    let kept = lines(&world).await;
    assert!(kept.len() >= 6, "{kept:#?}");
    let kept = format!("{kept:?}").to_lowercase();
    for content in [
        "@",
        "motdepasse",
        "samira",
        "tom@",
        "inconnue",
        "ailleurs",
        "zélie",
        "%c3",
        "c-1042",
        "pigeon",
        "confidence",
        "adresse",
        "navigateur",
        "?",
        "candidates/",
    ] {
        assert!(!kept.contains(content), "{content} in {kept}");
    }
}

#[tokio::test]
async fn a_flood_of_strangers_is_counted_and_pushes_nobody_out() {
    let world = world().await;
    let anonymous = world.anonymous();
    for _ in 0..250 {
        anonymous.get("/v1/users").await.expect(401);
    }
    world.as_("claire").get("/v1/users").await.expect(200);
    let kept = lines(&world).await;
    assert_eq!(kept.len(), 101);
    assert_eq!(kept[100].actor_id, Some(world.user_id("claire")));
    world.clock.advance(TimeDelta::seconds(10));
    let kept = lines(&world).await;
    assert_eq!(kept.len(), 102);
    assert_eq!(
        (kept[101].times, &*kept[101].operation),
        (150, "list_users")
    );
    assert_eq!(kept[101].code.as_deref(), Some("unauthenticated"));
    let times: i32 = kept.iter().map(|line| line.times).sum();
    assert_eq!(times, 251);
}

/// What anybody is answered 200 to is no better known.
#[tokio::test]
async fn a_flood_that_is_answered_well_is_counted_all_the_same() {
    let world = world().await;
    let anonymous = world.anonymous();
    for _ in 0..120 {
        let revoked = anonymous.form("/oauth/revoke", "token=nothing", &[]).await;
        revoked.expect(200);
    }
    assert_eq!(lines(&world).await.len(), 100);
}

#[tokio::test]
async fn lines_wait_while_the_database_is_away() {
    let world = world().await;
    world.as_("tom").get("/v1/candidates").await.expect(200);
    let away = Database::open(&world.state.config).await.unwrap();
    away.clone().close().await.unwrap();
    let (state, now) = (&world.state, world.clock.now());
    assert!(write_accesses(state, &away, now).await.is_err());
    world.as_("tom").get("/v1/users").await.expect(200);
    assert!(write_accesses(state, &away, now).await.is_err());
    let back = write_accesses(state, &state.db, now).await.unwrap();
    assert_eq!(back, 2);
    let kept = told(&world).await;
    assert_eq!(kept[0], line("list_candidates", None, Some("tom")));
    assert_eq!(kept[1], line("list_users", None, Some("tom")));
}

#[tokio::test]
async fn lines_that_waited_too_long_are_given_up_and_their_number_is_told() {
    let world = world().await;
    for _ in 0..3 {
        world.as_("tom").get("/v1/candidates").await.expect(200);
    }
    world.clock.advance(TimeDelta::minutes(11));
    let kept = lines(&world).await;
    assert_eq!(kept.len(), 1);
    assert_eq!((&*kept[0].kind, kept[0].times), ("gap", 3));
    assert_eq!(kept[0].operation, "access_log.gap");
}
