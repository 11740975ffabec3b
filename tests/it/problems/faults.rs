//! For each fault of a field, a request that has it. A new code does not compile without one.

use api::kit::{FaultCode, new_id};
use serde_json::{Value, json};
use tests::World;

use super::attempt::{Attempt, act, bytes, get, patch, post, put};
use super::scenes::{contract, step, submitted_sheet};
use crate::it::imports::{CSV, JSON_LINES, send, went};

/// Prepares the world for a request that has this fault.
pub(super) async fn provoke(world: &World, code: FaultCode) -> Attempt {
    let (tom, claire) = (world.as_("tom"), world.as_("claire"));
    let of_samira = |page: &str| world.booklet("samira", page);
    let follow_up = |field: &str, value: Value| {
        let mut body =
            json!({ "contacted_on": "2026-11-20", "contact_mode": "sms", "comment": "Oui" });
        body[field] = value;
        post(world.as_("tom"), &of_samira("follow-ups"), body)
    };
    let scopes = |scopes: Value| {
        let body = json!({ "name": "CRM", "scopes": scopes });
        post(world.as_("claire"), "/v1/service-accounts", body)
    };
    let organization = |change: Value| {
        let path = format!("/v1/organizations/{}", world.organization_id("horizon"));
        patch(world.as_("claire"), &path, change)
    };
    let member = |user_id: Value| {
        let body = json!({ "user_id": user_id, "kind": "observer" });
        post(world.as_("claire"), &of_samira("members"), body)
    };
    match code {
        FaultCode::Required => post(tom, &of_samira("follow-ups"), json!({})),
        FaultCode::UnknownField => follow_up("state", json!("open")),
        FaultCode::Type => follow_up("comment", json!(1)),
        FaultCode::Enum => follow_up("contact_mode", json!("pigeon")),
        FaultCode::MinLength => follow_up("comment", json!("")),
        FaultCode::MaxLength => follow_up("comment", json!("x".repeat(10_001))),
        FaultCode::Minimum => follow_up("duration_minutes", json!(-1)),
        FaultCode::Maximum => follow_up("duration_minutes", json!(1441)),
        FaultCode::MinItems => scopes(json!([])),
        FaultCode::MaxItems => {
            let body = json!({ "category": "prescriber", "name": "Mission locale", "urls": vec!["https://example.org"; 21] });
            post(claire, "/v1/useful-addresses", body)
        }
        FaultCode::UniqueItems => scopes(json!(["events:read", "events:read"])),
        FaultCode::Incomplete => {
            step(world).await;
            step(world).await;
            let none = json!({ "ids": [] });
            put(tom, &of_samira("plan-steps/order"), none)
        }
        FaultCode::Format => follow_up("contacted_on", json!("hier")),
        FaultCode::Pattern => patch(tom, "/v1/me", json!({ "phone": "06" })),
        FaultCode::Email => organization(json!({ "email": "accueil chez horizon" })),
        FaultCode::Siret => organization(json!({ "siret": "73282932000075" })),
        FaultCode::Timezone => organization(json!({ "timezone": "Europe/Lutetia" })),
        FaultCode::UnknownReference => member(json!(new_id())),
        FaultCode::WrongRole => member(json!(world.user_id("vera"))),
        FaultCode::DatesOrder => {
            let body = json!({ "ends_on": world.day(-1) });
            post(tom, &of_samira("contracts"), body)
        }
        FaultCode::PasswordWeak => {
            let lea = json!({ "email": "lea@livret.example", "given_name": "Léa", "family_name": "F", "role": "tutor" });
            let lea = claire.post("/v1/users", lea).await.expect(201);
            let invite = format!("/v1/users/{}/invitation", lea["id"].as_str().unwrap());
            let invitation = claire.act(&invite).await.expect(200);
            let body = json!({ "token": invitation["token"], "password": "password" });
            post(world.anonymous(), "/v1/auth/invitations/accept", body)
        }
        FaultCode::PasswordWrong => {
            let body = json!({ "current_password": "not this one", "new_password": "trois moutons bleus" });
            post(tom, "/v1/me/password", body)
        }
        FaultCode::NulCharacter => follow_up("comment", json!("a\u{0}b")),
        FaultCode::NotAllowed => {
            let body = json!({ "email": "x@livret.example", "given_name": "X", "family_name": "Y", "role": "admin" });
            post(claire, "/v1/users", body)
        }
        FaultCode::PrivateAddress => {
            let body = json!({ "url": "https://10.0.0.1/", "topics": ["*"] });
            post(claire, "/v1/webhooks", body)
        }
        FaultCode::PeriodTooLong => {
            let body = json!({ "url": "https://crm.horizon.example/livret", "topics": ["*"] });
            let made = claire.post("/v1/webhooks", body).await.expect(201);
            let path = format!("/v1/webhooks/{}/redeliver", made["id"].as_str().unwrap());
            post(claire, &path, json!({ "since": "2020-01-01T00:00:00Z" }))
        }
        FaultCode::GivenOnce => {
            let own = json!({ "external_references": [{ "system": "crm", "external_id": "L-1" }] });
            claire.patch(&of_samira(""), own).await.expect(200);
            let others = json!({ "candidate_id": world.candidate_id("karim") });
            put(claire, "/v1/booklets/external/crm/L-1", others)
        }
        FaultCode::Unanswered => act(world.as_("samira"), &submitted_sheet(world, false).await),
        FaultCode::VarianceReasonMissing => {
            act(world.as_("samira"), &submitted_sheet(world, true).await)
        }
        FaultCode::RepeatedParameter => get(tom, "/v1/booklets?limit=1&limit=2"),
        FaultCode::UnescapedPlus => {
            get(tom, "/v1/booklets?updated_since=2026-01-01T00:00:00+01:00")
        }
        FaultCode::UnknownParameter => get(tom, "/v1/booklets?colour=red"),
        FaultCode::EmptyFile => header(world, b""),
        FaultCode::UnknownColumn => header(world, b"nom\nRoy\n"),
        FaultCode::CellCount => faulty(world, b"given_name,family_name\nA,B,C\n").await,
        FaultCode::Encoding => header(world, b"given_name,family_name\nA,\x81\n"),
        FaultCode::ErrorCell => faulty(world, b"given_name,family_name\nA,#N/A\n").await,
        FaultCode::NotYet => {
            let body = json!({ "starts_at": "2027-12-03T09:00:00Z", "ends_at": "2027-12-03T10:00:00Z", "kind": "interview", "mode": "video", "state": "held" });
            post(tom, &of_samira("appointments"), body)
        }
        FaultCode::OtherDay => {
            let body = json!({ "starts_at": "2027-12-03T09:00:00Z", "ends_at": "2027-12-03T10:00:00Z", "kind": "interview", "mode": "video" });
            let made = tom.post(&of_samira("appointments"), body).await.expect(201);
            let sheet = json!({ "appointment_on": "2027-12-04", "appointment_id": made["id"] });
            post(tom, &of_samira("action-sheets"), sheet)
        }
        FaultCode::Workbook => header(world, b"PK\x03\x04"),
        FaultCode::OpenQuote => faulty(world, b"given_name,family_name\nA,\"B\n").await,
        FaultCode::NotAnObject => {
            let path = "/v1/imports?resource=candidates";
            let lines = [("content-type", JSON_LINES)];
            let sent = claire.post_bytes(path, b"[]\n", &lines).await;
            applying(world, &went(world, sent).await)
        }
        FaultCode::Duplicate => {
            let file = b"external_id,given_name,family_name\nC,A,B\nC,A,B\n";
            faulty(world, file).await
        }
        FaultCode::OtherContent => {
            let contract = contract(world, true).await;
            let body = json!({ "place": "Lyon", "content_sha256": "0a".repeat(32) });
            post(tom, &format!("{contract}/signatures"), body)
        }
        FaultCode::Taken => {
            let samira = world.user_id("samira");
            let file = format!("given_name,family_name,user_id\nA,B,{samira}\n");
            faulty(world, file.as_bytes()).await
        }
    }
}

/// To send a file with such a header.
fn header(world: &World, file: &[u8]) -> Attempt {
    let path = "/v1/imports?resource=candidates";
    bytes(world.as_("claire"), path, CSV, file)
}

/// To apply a file with this fault.
pub(super) async fn faulty(world: &World, file: &[u8]) -> Attempt {
    applying(
        world,
        &went(world, send(world, "claire", "", file).await).await,
    )
}

fn applying(world: &World, import: &Value) -> Attempt {
    let path = format!("/v1/imports/{}/apply", import["id"].as_str().unwrap());
    act(world.as_("claire"), &path)
}
