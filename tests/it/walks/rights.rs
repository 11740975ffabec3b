//! What is not there, not in an account's scopes, not to be said twice, or closed.

use super::*;

#[tokio::test]
async fn every_operation_on_something_finds_nothing_where_nothing_is() {
    let world = world().await;
    for operation in Operation::all() {
        if operation.path.contains('{') && !operation.is_upsert() {
            let (client, path) = (caller(&world, &operation), nowhere(&operation));
            met(&operation, &play(&client, &operation, &path).await, 404);
        }
    }
}

#[tokio::test]
async fn every_operation_with_a_scope_is_closed_to_a_service_account_without_it() {
    let world = world().await;
    for operation in Operation::all() {
        let Some(scope) = operation.scope() else {
            continue;
        };
        let other = match scope {
            "directory:read" => "booklets:read",
            _ => "directory:read",
        };
        let account = account_of(&world, "claire", &[other]).await;
        let client = account.client(&world).await;
        let path = nowhere(&operation);
        met(&operation, &play(&client, &operation, &path).await, 403);
    }
}

#[tokio::test]
async fn every_post_refuses_a_key_that_another_request_had() {
    let world = world().await;
    for operation in Operation::all() {
        if operation.method != Method::POST || operation.policy().is_none() {
            continue;
        }
        let (name, path) = (one_who_may(&operation), nowhere(&operation));
        let before = idempotency_key::ActiveModel {
            principal_id: Set(world.user_id(name)),
            path: Set(path.clone()),
            key: Set("before".to_owned()),
            request_sha256: Set("another".to_owned()),
            booklet_id: Set(None),
            status: Set(200),
            etag: Set(None),
            location: Set(None),
            body: Set(String::new()),
            created_at: Set(world.clock.now()),
        };
        before.insert(world.state.db.writer()).await.unwrap();
        let headers = [("idempotency-key", "before")];
        let answer = send(&world.as_(name), &operation, &path, "", &headers).await;
        met(&operation, &answer, 422);
        answer.refused(422, "idempotency_key_reused");
    }
}

#[tokio::test]
async fn every_page_of_a_closed_booklet_stays_as_it_is() {
    let world = world().await;
    for operation in Operation::all() {
        if operation.method == Method::GET || !is_page(&operation) {
            continue;
        }
        let (role, name) = author(&operation);
        let values = objects::object(&world, &operation, role, Target::Own).await;
        let path = operation.fill(&values);
        let booklet = if operation.collection() == "booklets" {
            values[0].clone()
        } else {
            let page = format!("/v1/{}/{}", operation.collection(), values[0]);
            let page = world.as_(name).get(&page).await.expect(200);
            page["booklet_id"].as_str().unwrap().to_owned()
        };
        let close = format!("/v1/booklets/{booklet}/close");
        let outcome = json!({ "outcome": "full" });
        world.as_("claire").post(&close, outcome).await.expect(200);
        let body = objects::body(&world, &operation, name).or_else(|| operation.example());
        let version = version_to_name(&world, &operation, &values[0]).await;
        let headers = [("if-match", version.as_str())];
        let answer = world
            .as_(name)
            .send(operation.method.clone(), &path, body, &headers)
            .await;
        met(&operation, &answer, 409);
    }
}

/// Any will do, but for a signature.
async fn version_to_name(world: &World, operation: &Operation, contract: &str) -> String {
    if operation.id != "sign_contract" {
        return "*".to_owned();
    }
    let path = format!("/v1/contracts/{contract}");
    let contract = world.as_("claire").get(&path).await.expect(200);
    contract["etag"].as_str().unwrap().to_owned()
}

/// Whether it is about something in a booklet, which changes no more once the booklet is closed.
/// Not the notes, which are their author's.
fn is_page(operation: &Operation) -> bool {
    let Some((resource, _)) = operation.policy() else {
        return false;
    };
    match resource {
        Resource::Members
        | Resource::Contracts
        | Resource::Objectives
        | Resource::Plan
        | Resource::Stages
        | Resource::Appointments
        | Resource::ActionSheets
        | Resource::SheetItems
        | Resource::CompletedActions
        | Resource::FollowUps
        | Resource::PersonalContacts => true,
        Resource::Me
        | Resource::Organizations
        | Resource::Users
        | Resource::Mails
        | Resource::ServiceAccounts
        | Resource::IdentityProviders
        | Resource::Webhooks
        | Resource::WebhookDeliveries
        | Resource::Candidates
        | Resource::Booklets
        | Resource::FullBooklet
        | Resource::Milestones
        | Resource::ToDo
        | Resource::News
        | Resource::Templates
        | Resource::StageReference
        | Resource::Notes
        | Resource::UsefulAddresses
        | Resource::Imports
        | Resource::Audit
        | Resource::Events
        | Resource::BreakGlass
        | Resource::Accesses
        | Resource::Exports => false,
    }
}

/// The tutor does most, the candidate or the coordinator the rest.
fn author(operation: &Operation) -> (Role, &'static str) {
    let (resource, action) = operation.policy().unwrap();
    [
        (Role::Tutor, "tom"),
        (Role::Candidate, "samira"),
        (Role::Coordinator, "claire"),
    ]
    .into_iter()
    .find(|(role, _)| policy::roles(resource, action).any(|one| one == *role))
    .unwrap()
}
