//! For each problem, a request that meets it. A new code does not compile without one.

use api::foundation::state::State;
use api::kit::Code;
use futures_util::future::join_all;
use reqwest::Method;
use sea_orm::sea_query::Table;
use sea_orm::{ConnectionTrait, DbBackend};
use serde_json::json;
use tests::{PASSWORD, World};

use super::attempt::{Attempt, act, bytes, delete, get, insist, patch, post, promise};
use super::faults::faulty;
use super::scenes::{contract, on, place, step, submitted_sheet, task};
use crate::it::action_sheets::{lock, sheet};
use crate::it::imports::{CSV, send};
use crate::it::security::cost::many_notes;
use crate::it::sheet_items::{item, settle};

const FORM: &str = "application/x-www-form-urlencoded";
/// A header of more than two hundred characters.
const TOO_LONG: &str = concat!(
    "\"12345678901234567890123456789012345678901234567890\", \"123456789012345678901234567890",
    "12345678901234567890\", \"12345678901234567890123456789012345678901234567890\", \"1234567",
    "89012345678901234567890123456789012345678901234567890\""
);
const JSON: &str = "application/json";

/// Prepares the world for a request that is refused with this code.
pub(super) async fn provoke(world: &World, code: Code) -> Attempt {
    let (tom, samira, claire) = (world.as_("tom"), world.as_("samira"), world.as_("claire"));
    let nobody = world.anonymous();
    let of_samira = |page: &str| world.booklet("samira", page);
    let follow_ups = of_samira("follow-ups");
    let follow_up =
        json!({ "contacted_on": "2026-11-20", "contact_mode": "sms", "comment": "Oui" });
    match code {
        Code::MalformedJson => bytes(tom, &follow_ups, JSON, b"{"),
        Code::MalformedPath => get(tom, "/v1/booklets/not-a-uuid"),
        Code::MalformedQuery => get(tom, "/v1/booklets?colour=red"),
        Code::BadRequest => get(tom, "/v1/me").with("if-none-match", TOO_LONG),
        Code::InvalidCursor => get(tom, "/v1/booklets?after=forged"),
        Code::InvalidIdempotencyKey => {
            post(tom, &follow_ups, follow_up).with("idempotency-key", "two words")
        }
        Code::Unauthenticated => get(nobody, "/v1/me"),
        Code::InvalidCredentials => {
            let login = json!({ "email": "tom@livret.example", "password": "not this one" });
            post(nobody, "/v1/auth/login", login)
        }
        Code::InvalidRefreshToken => {
            let token = json!({ "refresh_token": "never given" });
            post(nobody, "/v1/auth/refresh", token)
        }
        Code::InvalidClient => {
            let form = b"grant_type=client_credentials&client_id=nobody&client_secret=wrong";
            bytes(nobody, "/oauth/token", FORM, form)
        }
        Code::InvalidRequest => bytes(nobody, "/oauth/token", FORM, b"client_id=nobody"),
        Code::InvalidGrant => {
            let form = b"grant_type=refresh_token&refresh_token=never-given";
            bytes(nobody, "/oauth/token", FORM, form)
        }
        Code::InvalidScope => {
            let form = b"grant_type=refresh_token&refresh_token=any&scope=everything";
            bytes(nobody, "/oauth/token", FORM, form)
        }
        Code::UnsupportedGrantType => bytes(nobody, "/oauth/token", FORM, b"grant_type=password"),
        Code::Forbidden => post(samira, &follow_ups, follow_up),
        Code::NotAParty => {
            let contract = contract(world, true).await;
            post(claire, &format!("{contract}/signatures"), place()).with("if-match", "\"2\"")
        }
        Code::NotFound => get(tom, "/v1/nothing-here"),
        Code::MethodNotAllowed => delete(tom, "/v1/me"),
        Code::NotAcceptable => get(tom, "/v1/me").with("accept", "image/png"),
        Code::RequestTimeout => promise(tom, &follow_ups),
        Code::Conflict => {
            let member = json!({ "user_id": world.user_id("tina"), "kind": "observer" });
            claire
                .post(&of_samira("members"), member.clone())
                .await
                .expect(201);
            post(claire, &of_samira("members"), member)
        }
        Code::InUse => delete(claire, &format!("/v1/users/{}", world.user_id("tom"))),
        Code::EmailTaken => {
            let twin = json!({ "email": "tom@livret.example", "given_name": "T", "family_name": "M", "role": "tutor" });
            post(claire, "/v1/users", twin)
        }
        Code::UserLinked => {
            let karim = format!("/v1/candidates/{}", world.candidate_id("karim"));
            patch(
                claire,
                &karim,
                json!({ "user_id": world.user_id("samira") }),
            )
        }
        Code::TwoAccounts => {
            let merge = format!("/v1/candidates/{}/merge", world.candidate_id("samira"));
            let from = json!({ "from": world.candidate_id("nadia") });
            post(claire, &merge, from)
        }
        Code::ExternalReferenceTaken => {
            let reference = json!([{ "system": "crm", "external_id": "C-1" }]);
            let body =
                json!({ "given_name": "A", "family_name": "B", "external_references": reference });
            claire
                .post("/v1/candidates", body.clone())
                .await
                .expect(201);
            post(claire, "/v1/candidates", body)
        }
        Code::BookletClosed => {
            let outcome = json!({ "outcome": "full" });
            claire.post(&of_samira("close"), outcome).await.expect(200);
            post(tom, &follow_ups, follow_up)
        }
        Code::InvalidTransition => act(samira, &of_samira("plan/agree")),
        Code::ContractPending => {
            contract(world, false).await;
            let body = json!({ "ends_on": world.day(100) });
            post(tom, &of_samira("contracts"), body)
        }
        Code::ContractFrozen => {
            let contract = contract(world, true).await;
            patch(tom, &contract, json!({ "pledge": "Autre promesse." }))
        }
        Code::AlreadySigned => {
            let signatures = format!("{}/signatures", contract(world, true).await);
            samira.sign(&signatures, place()).await.expect(200);
            post(samira, &signatures, place()).with("if-match", "\"3\"")
        }
        Code::LastCoordinator => {
            let oneself = format!("/v1/users/{}", world.user_id("claire"));
            patch(claire, &oneself, json!({ "role": "tutor" }))
        }
        Code::MainTutor => {
            let members = claire
                .get(&of_samira("members?current=true"))
                .await
                .expect(200);
            let id = members["items"][0]["id"].as_str().unwrap();
            delete(claire, &format!("/v1/booklet-members/{id}"))
        }
        Code::PlanNotEmpty => {
            step(world).await;
            act(tom, &of_samira("plan-steps/from-template"))
        }
        Code::PlanEmpty => act(tom, &of_samira("plan/propose")),
        Code::OwnProposal => {
            step(world).await;
            tom.act(&of_samira("plan/propose")).await.expect(200);
            act(tom, &of_samira("plan/agree"))
        }
        Code::SheetLocked => {
            let sheet = sheet(world, &tom, "samira", "2026-11-12").await;
            lock(&tom, &samira, &sheet).await;
            patch(tom, &sheet, json!({ "summary": "Autre" }))
        }
        Code::SheetFrozen => {
            let sheet = sheet(world, &tom, "samira", "2026-11-12").await;
            tom.act(&format!("{sheet}/submit")).await.expect(200);
            patch(tom, &sheet, json!({ "summary": "Autre" }))
        }
        Code::SheetItemsOpen => act(samira, &submitted_sheet(world, false).await),
        Code::VarianceReasonMissing => act(samira, &submitted_sheet(world, true).await),
        Code::ItemSettled => {
            let first = sheet(world, &tom, "samira", "2026-11-12").await;
            let task = item(&tom, &first, task()).await;
            let second = sheet(world, &tom, "samira", "2026-11-26").await;
            let third = sheet(world, &tom, "samira", "2026-12-10").await;
            let done = json!({ "state": "done" });
            settle(&tom, &task, &second, done.clone()).await.expect(200);
            post(tom, &format!("{task}/settle"), on(&third, done))
        }
        Code::ItemNotOnSheet => {
            let sheet = sheet(world, &tom, "samira", "2026-11-12").await;
            let task = item(&tom, &sheet, task()).await;
            post(tom, &format!("{task}/carry-on"), on(&sheet, json!({})))
        }
        Code::DerivedAction => {
            let sheet = sheet(world, &tom, "samira", "2026-11-12").await;
            let done = json!({ "kind": "document", "label": "CV", "state": "done" });
            item(&tom, &sheet, done).await;
            lock(&tom, &samira, &sheet).await;
            let list = tom.get(&of_samira("completed-actions")).await.expect(200);
            let id = list["items"][0]["id"].as_str().unwrap();
            delete(tom, &format!("/v1/completed-actions/{id}"))
        }
        Code::TooManyWebhooks => {
            let claire = world.as_("claire");
            let body = json!({ "url": "https://crm.horizon.example/livret", "topics": ["*"] });
            for _ in 0..50 {
                claire.post("/v1/webhooks", body.clone()).await.expect(201);
            }
            post(claire, "/v1/webhooks", body)
        }
        Code::WebhookDisabled => {
            let body = json!({ "url": "https://crm.horizon.example/livret", "topics": ["*"] });
            let made = claire.post("/v1/webhooks", body).await.expect(201);
            let path = format!("/v1/webhooks/{}", made["id"].as_str().unwrap());
            claire.act(&format!("{path}/disable")).await.expect(200);
            act(claire, &format!("{path}/ping"))
        }
        Code::TooManyImports => {
            let file = b"given_name,family_name\n";
            while send(world, "claire", "", file).await.status == 201 {}
            let path = "/v1/imports?resource=candidates";
            bytes(claire, path, CSV, file)
        }
        Code::QuotaReached => {
            let notes = of_samira("notes");
            let note = json!({ "body": "Une note.", "visibility": "shared" });
            tom.post(&notes, note.clone()).await.expect(201);
            post(tom, &notes, note)
        }
        Code::AnswerTooLarge => {
            many_notes(world, 900).await;
            get(tom, &of_samira("full"))
        }
        Code::InvitationInvalid => {
            let body = json!({ "token": "never sent", "password": PASSWORD });
            post(nobody, "/v1/auth/invitations/accept", body)
        }
        Code::LinkInvalid => {
            let body = json!({ "token": "never sent" });
            post(nobody, "/v1/auth/email/confirm", body)
        }
        Code::ImportFaulty => faulty(world, b"given_name,family_name\nA\n").await,
        Code::MailNotConfigured => {
            let body = json!({ "email": "tom@livret.example" });
            post(nobody, "/v1/auth/password-reset", body)
        }
        Code::Stale => patch(tom, &of_samira(""), json!({ "purpose": "Autre" }))
            .without("if-match")
            .with("if-match", "\"9\""),
        Code::InvalidEtag => patch(tom, &of_samira(""), json!({ "purpose": "Autre" }))
            .without("if-match")
            .with("if-match", "W/\"1\""),
        Code::PayloadTooLarge => bytes(tom, &follow_ups, JSON, &vec![b' '; 2_000_000]),
        Code::UnsupportedMediaType => bytes(tom, &follow_ups, "text/plain", b"Oui"),
        Code::Invalid => post(tom, &follow_ups, json!({})),
        Code::SpreadsheetLimit => {
            let row = json!({ "objective": "o".repeat(2000), "label": "l".repeat(2000), "activity": "workshop", "grouping": "either" });
            let plan = json!({ "name": "Plan", "rows": vec![row; 10] });
            claire.post("/v1/plan-templates", plan).await.expect(201);
            get(claire, "/v1/exports/plan_templates?format=xlsx")
        }
        Code::IdempotencyKeyReused => {
            let key = [("idempotency-key", "a-key-of-toms")];
            tom.send(Method::POST, &follow_ups, Some(follow_up), &key)
                .await
                .expect(201);
            post(tom, &follow_ups, json!({})).with("idempotency-key", "a-key-of-toms")
        }
        Code::PreconditionRequired => {
            patch(tom, &of_samira(""), json!({ "purpose": "Autre" })).without("if-match")
        }
        Code::TooManyRequests => insist(tom, "/v1/me"),
        Code::TooManyAttempts => {
            let login = json!({ "email": "tom@livret.example", "password": "not this one" });
            for _ in 0..5 {
                let wrong = nobody.post("/v1/auth/login", login.clone()).await;
                wrong.refused(401, "invalid_credentials");
            }
            post(nobody, "/v1/auth/login", login)
        }
        Code::InternalError => {
            let table = Table::drop().table(entity::note::Entity).to_owned();
            world.state.db.writer().execute(&table).await.unwrap();
            get(tom, &of_samira("notes"))
        }
        Code::Unavailable => {
            world.state.db.clone().close().await.unwrap();
            get(tom, "/v1/me")
        }
        Code::ReadOnly => {
            only_read(&world.state).await;
            post(tom, &follow_ups, follow_up)
        }
    }
}

/// Each connection that writes only reads from now on, as on a standby.
async fn only_read(state: &State) {
    let pool = state.config.database_pool.unwrap().get();
    let (connections, setting) = match state.db.writer().get_database_backend() {
        DbBackend::Postgres => (pool, "SET default_transaction_read_only = on"),
        _ => (1, "PRAGMA query_only = on"),
    };
    let begun = join_all((0..connections).map(|_| state.db.begin())).await;
    for txn in begun {
        let txn = txn.unwrap();
        txn.execute_unprepared(setting).await.unwrap();
        txn.commit().await.unwrap();
    }
}
