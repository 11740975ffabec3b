//! The demo data: complete, consistent with every rule, and open to whoever tries the service.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;

use api::foundation::config::{Config, Environment};
use entity::values::{
    Answer, AppointmentState, BookletState, ContractState, ItemState, ObjectiveState, Outcome,
    PlanState, SheetState, StageState, StepState,
};
use sea_orm::Iterable;
use serde_json::Value;
use tests::{Client, World};

use crate::empty_world;

#[tokio::test]
async fn the_demo_fills_an_empty_database_once_and_its_accounts_sign_in() {
    let world = empty_world().await;
    api::program::demo::open(&world.state).await.unwrap();
    let accounts = world.state.demo_accounts.get().unwrap();
    let table = api::program::demo::table(accounts);
    let mut roles = BTreeSet::new();
    for account in accounts {
        assert!(table.contains(&account.email));
        let somebody = world.log_in(&account.email, account.password).await;
        let oneself = somebody.get("/v1/me").await.expect(200);
        roles.insert(oneself["role"].as_str().unwrap().to_owned());
    }
    let all = [
        "admin",
        "candidate",
        "coordinator",
        "prescriber",
        "tutor",
        "validator",
    ];
    assert!(roles.iter().eq(all.iter()));

    let again = api::program::demo::seed(&world.state.config).await;
    assert!(again.unwrap_err().contains("already has organizations"));
    api::program::demo::open(&world.state).await.unwrap();
}

#[tokio::test]
async fn the_demo_shows_every_state() {
    let world = empty_world().await;
    api::program::demo::seed(&world.state.config).await.unwrap();
    let mut booklets = whole_booklets(&world, "coordinatrice@horizon.example").await;
    booklets.extend(whole_booklets(&world, "coordinateur@rivage.example").await);
    assert!(booklets.len() >= 12);

    let found = |path: &str| values(&booklets, path);
    assert_eq!(found("/booklet/state"), all::<BookletState>());
    assert_eq!(found("/booklet/outcome"), all::<Outcome>());
    assert_eq!(found("/contracts/*/state"), all::<ContractState>());
    assert_eq!(found("/objectives/*/state"), all::<ObjectiveState>());
    assert_eq!(found("/plan/state"), all::<PlanState>());
    assert_eq!(found("/plan/steps/*/state"), all::<StepState>());
    assert_eq!(found("/stages/*/state"), all::<StageState>());
    assert_eq!(found("/appointments/*/state"), all::<AppointmentState>());
    assert_eq!(found("/action_sheets/*/state"), all::<SheetState>());
    assert_eq!(
        found("/action_sheets/*/carried_over/*/answer"),
        all::<Answer>()
    );
    let items = ["to_do", "done", "carried_over"];
    let items = items.map(|list| found(&format!("/action_sheets/*/{list}/*/state")));
    assert_eq!(
        items.into_iter().flatten().collect::<BTreeSet<_>>(),
        all::<ItemState>()
    );
    assert_eq!(found("/contracts/*/signatures/*/method").len(), 2);
    assert_eq!(found("/completed_actions/*/source").len(), 2);
    assert!(found("/booklet/archived_at").len() == 1);
    assert!(found("/plan/steps/*/is_late").contains("true"));
    assert!(found("/action_sheets/*/carried_over/*/is_late").contains("true"));
}

#[tokio::test]
async fn the_demo_and_its_known_password_are_not_for_production() {
    let world = empty_world().await;
    let production = Config {
        env: Environment::Production,
        ..world.state.config.clone()
    };
    let refusal = api::program::demo::seed(&production).await.unwrap_err();
    assert!(refusal.contains("LIVRET_ENV=production"));
}

/// The booklets of this coordinator's organization, in full.
async fn whole_booklets(world: &World, coordinator: &str) -> Vec<Value> {
    let coordinator: Client = world
        .log_in(coordinator, api::program::demo::PASSWORD)
        .await;
    let list = coordinator.get("/v1/booklets?limit=100").await.expect(200);
    let mut booklets = Vec::new();
    for booklet in list["items"].as_array().unwrap() {
        let path = format!("/v1/booklets/{}/full", booklet["id"].as_str().unwrap());
        booklets.push(coordinator.get(&path).await.expect(200));
    }
    booklets
}

/// What stands at this path (`*` is any place in a list), null aside.
fn values(booklets: &[Value], path: &str) -> BTreeSet<String> {
    let mut found: Vec<&Value> = booklets.iter().collect();
    for step in path.split('/').skip(1) {
        found = match step {
            "*" => found
                .into_iter()
                .flat_map(|list| list.as_array().unwrap())
                .collect(),
            name => found.into_iter().map(|object| &object[name]).collect(),
        };
    }
    let text = |value: &Value| value.as_str().map_or(value.to_string(), ToOwned::to_owned);
    let present = found.into_iter().filter(|value| !value.is_null());
    present.map(text).collect()
}

fn all<E: Iterable + ToString>() -> BTreeSet<String> {
    E::iter().map(|value| value.to_string()).collect()
}
