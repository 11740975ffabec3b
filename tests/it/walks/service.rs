//! Too many requests, no database, and faults of the service itself.

use super::*;
use api::foundation::database;

#[tokio::test]
async fn every_operation_slows_down_whoever_asks_too_often() {
    let world = limited_world().await;
    for operation in Operation::all() {
        let (client, path) = (caller(&world, &operation), nowhere(&operation));
        let mut answer = play(&client, &operation, &path).await;
        // One a second is allowed, and more than one of these passes in a second.
        while answer.status != 429 {
            answer = play(&client, &operation, &path).await;
        }
        met(&operation, &answer, 429);
        assert!(answer.body["retry_after"].is_u64(), "{}", operation.id);
        assert!(answer.header("retry-after").is_some(), "{}", operation.id);
    }
}

/// With a refresh token that is right, where the operation takes one.
async fn play_signed_in(world: &World, operation: &Operation, tokens: &Value) -> Answer {
    let mut body = operation.example().unwrap_or_default();
    if matches!(operation.id.as_str(), "log_out" | "refresh") {
        body["refresh_token"] = tokens["refresh_token"].clone();
    }
    let client = caller(world, operation);
    play_with(&client, operation, &nowhere(operation), body).await
}

#[tokio::test]
async fn every_operation_says_when_the_database_is_gone() {
    let world = world().await;
    let tokens = sign_in(&world, "tom").await;
    world.state.db.clone().close().await.unwrap();
    for operation in of_the_database() {
        let answer = play_signed_in(&world, &operation, &tokens).await;
        met(&operation, &answer, 503);
        assert!(answer.header("retry-after").is_some(), "{}", operation.id);
    }
}

/// All but the catalogue of problems, which is part of the program.
fn of_the_database() -> impl Iterator<Item = Operation> {
    let all = Operation::all().into_iter();
    all.filter(|operation| operation.tag != "Errors")
}

#[tokio::test]
async fn every_operation_owns_up_to_a_fault_of_the_service_and_tells_nothing_of_it() {
    let world = world().await;
    let tokens = sign_in(&world, "tom").await;
    let all = u32::try_from(Migrator::migrations().len()).unwrap();
    let config = &world.state.config;
    database::migrate_down(config, all).await.unwrap();
    for operation in of_the_database() {
        let answer = play_signed_in(&world, &operation, &tokens).await;
        met(&operation, &answer, 500);
        let told = answer.body.to_string().to_lowercase();
        assert!(!told.contains("table") && !told.contains("sql"), "{told}");
    }
}
