//! Booklets, and a page of each kind.

use super::*;
use crate::it::access::opened;
use crate::it::kinds::Kind;

/// A new booklet, or a page of one by somebody who writes it.
pub(super) async fn page(
    world: &World,
    operation: &Operation,
    role: Role,
    target: Target,
) -> String {
    let [coordinator, tutor, candidate] = people(target);
    let booklet = booklet(world, target).await;
    if operation.id == "list_break_glass" {
        opened::past(world, &booklet, target).await;
    }
    // A coordinator may tutor: her own booklets are those that she accompanies.
    let accompanies = role == Role::Coordinator && target == Target::Own;
    if accompanies {
        let member = json!({ "user_id": world.user_id(coordinator), "kind": "substitute" });
        let members = format!("/v1/booklets/{booklet}/members");
        made(world, coordinator, &members, member).await;
    }
    let tutor = if accompanies { coordinator } else { tutor };
    let today = world.day(0);
    let at = |page: &str| format!("/v1/booklets/{booklet}/{page}");
    let page = operation.collection();
    let (name, body) = match page.as_str() {
        "booklets" => return booklet,
        "break-glass" => return opened::past(world, &booklet, target).await,
        "booklet-members" => {
            let user = world.user_id(match target {
                Target::OtherOrganization => "raoul",
                _ => "theo",
            });
            let body = json!({ "user_id": user, "kind": "observer" });
            return made(world, coordinator, &at("members"), body).await;
        }
        "sheet-items" => {
            let sheet = json!({ "appointment_on": today });
            let sheet = made(world, tutor, &at("action-sheets"), sheet).await;
            let body = json!({ "kind": "task", "label": "Lire", "owner": "candidate" });
            return made(
                world,
                tutor,
                &format!("/v1/action-sheets/{sheet}/items"),
                body,
            )
            .await;
        }
        other => {
            let kind = Kind::of(operation).and_then(|kind| kind.writing.as_ref());
            let writing = kind
                .unwrap_or_else(|| panic!("{}: no object of {other}: a page needs `writing` in tests/it/kinds.rs, others a case here", operation.id));
            (
                writing.author(role, tutor, candidate),
                (writing.body)(world, 0),
            )
        }
    };
    made(world, name, &at(&page), body).await
}

async fn booklet(world: &World, target: Target) -> String {
    let [coordinator, tutor, candidate] = people(target);
    let mut body =
        json!({ "candidate_id": world.candidate_id(candidate), "tutor_id": world.user_id(tutor) });
    if target == Target::Own {
        body["prescriber_id"] = json!(world.user_id("paul"));
        body["validator_id"] = json!(world.user_id("vera"));
    }
    made(world, coordinator, "/v1/booklets", body).await
}
