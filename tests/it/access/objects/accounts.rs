//! Organizations, accounts, sessions and candidates: those that nobody needs, where they are deleted.

use super::*;
use crate::it::access::CAST;
use crate::it::rows;

/// Only the admin deletes one, and so gets one of no use.
pub(super) async fn organization(world: &World, operation: &Operation, target: Target) -> String {
    if operation.id == "delete_organization" && target == Target::Own {
        return made(world, "ada", "/v1/organizations", json!({ "name": "Vide" })).await;
    }
    let name = if target == Target::Own {
        "horizon"
    } else {
        "rivage"
    };
    world.organization_id(name).to_string()
}

/// Those who reach nobody but themselves name themselves.
pub(super) async fn user(world: &World, role: Role, target: Target) -> String {
    let own = match role {
        Role::Candidate => Some("samira"),
        Role::Prescriber => Some("paul"),
        Role::Validator => Some("vera"),
        _ => None,
    };
    if let (Target::Own, Some(own)) = (target, own) {
        return world.user_id(own).to_string();
    }
    let home = if target == Target::OtherOrganization {
        "rivage"
    } else {
        "horizon"
    };
    let mut body = json!({ "email": format!("{}@livret.example", letters()), "given_name": "A", "family_name": "B", "role": "tutor" });
    let maker = if role == Role::Admin {
        body["role"] = json!("coordinator");
        body["organization_id"] = json!(world.organization_id(home));
        "ada"
    } else if home == "rivage" {
        "rose"
    } else {
        "claire"
    };
    made(world, maker, "/v1/users", body).await
}

/// A second session of this role's person, or one of somebody else.
pub(super) async fn session(world: &World, role: Role, target: Target) -> String {
    let [coordinator, ..] = people(target);
    let own = CAST.iter().find(|(cast, _)| *cast == role);
    let name = match own {
        Some((_, name)) if target == Target::Own && role != Role::Integration => name,
        _ if target == Target::OtherBooklet => "theo",
        _ => coordinator,
    };
    rows::session(world, name).await.to_string()
}

/// A candidate to delete is one of no use.
pub(super) async fn candidate(world: &World, operation: &Operation, target: Target) -> String {
    let [coordinator, _, candidate] = people(target);
    if operation.id != "delete_candidate" {
        return world.candidate_id(candidate).to_string();
    }
    let body = json!({ "given_name": "Alix", "family_name": "Roy" });
    made(world, coordinator, "/v1/candidates", body).await
}
