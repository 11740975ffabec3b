//! Valid bodies for every action that is listed.

use serde_json::{Value, json};
use tests::World;

use crate::it::kinds::Kind;

/// A valid body.
pub(super) async fn body(world: &World, name: &str, id: &str, href: &str) -> Option<Value> {
    let body = match id {
        "resume_booklet"
        | "archive_booklet"
        | "propose_contract"
        | "withdraw_contract"
        | "amend_contract"
        | "propose_plan"
        | "agree_plan"
        | "submit_action_sheet"
        | "reopen_action_sheet"
        | "validate_action_sheet"
        | "copy_plan_template" => return None,
        "update_booklet" => json!({ "purpose": "Aller au bout." }),
        "close_booklet" => json!({ "outcome": "partial" }),
        "suspend_booklet" | "withdraw_booklet" | "reopen_booklet" | "terminate_contract" => {
            json!({ "reason": "Ainsi." })
        }
        "create_booklet_member" => json!({ "user_id": newcomer(world).await, "kind": "observer" }),
        "update_contract" => json!({ "preamble": "Nous convenons de ceci." }),
        "sign_contract" => signature(world, name, href).await,
        "order_plan_steps" => order(world, href).await,
        "update_action_sheet" => json!({ "remarks": "Rien." }),
        "create_sheet_item" => json!({ "kind": "task", "label": "Lire" }),
        other => {
            let kind = other.strip_prefix("create_").and_then(Kind::named);
            let writing = kind.and_then(|kind| kind.writing.as_ref());
            (writing
                .unwrap_or_else(|| panic!("no body for {other}"))
                .body)(world, 0)
        }
    };
    Some(body)
}

/// A tutor who is nobody's yet.
async fn newcomer(world: &World) -> Value {
    let email = format!("{}@livret.example", api::kit::new_id().simple());
    let user = json!({
        "email": email, "given_name": "Noé", "family_name": "Roy", "role": "tutor",
    });
    let made = world
        .as_("claire")
        .post("/v1/users", user)
        .await
        .expect(201);
    made["id"].clone()
}

/// One's own signature; who is no party records, on paper, the first that is missing.
async fn signature(world: &World, name: &str, href: &str) -> Value {
    let own = json!({ "place": "Lyon" });
    if name == "samira" {
        return own;
    }
    let contract = href.trim_end_matches("/signatures");
    let contract = world.as_("claire").get(contract).await.expect(200);
    let signed = contract["signatures"].as_array().unwrap();
    let by_tutor = signed.iter().any(|signature| signature["party"] == "tutor");
    let has_account = contract["candidate_name"] == "Samira Benali";
    if name == "tom" && (has_account || !by_tutor) {
        return own;
    }
    let party = if by_tutor { "candidate" } else { "tutor" };
    json!({ "place": "Lyon", "method": "paper", "party": party })
}

/// The steps the other way round.
async fn order(world: &World, href: &str) -> Value {
    let steps = href.trim_end_matches("/order");
    let steps = world.as_("claire").get(steps).await.expect(200);
    let steps = steps["items"].as_array().unwrap().iter().rev();
    json!({ "ids": steps.map(|step| &step["id"]).collect::<Vec<_>>() })
}
