//! What must be there for a request to be refused.

use serde_json::{Value, json};
use tests::World;

use crate::it::action_sheets::sheet;
use crate::it::sheet_items::{item, settle};

pub(super) fn place() -> Value {
    json!({ "place": "Toulouse" })
}

pub(super) fn task() -> Value {
    json!({ "kind": "task", "label": "Appeler le CEP", "due_on": "2026-11-20" })
}

/// The body of what happens to an item on this sheet.
pub(super) fn on(sheet: &str, mut body: Value) -> Value {
    body["sheet_id"] = json!(sheet.rsplit('/').next());
    body
}

/// The address of a contract of samira's.
pub(super) async fn contract(world: &World, proposed: bool) -> String {
    let tom = world.as_("tom");
    let body = json!({ "ends_on": world.day(100) });
    let draft = tom
        .post(&world.booklet("samira", "contracts"), body)
        .await
        .expect(201);
    let contract = format!("/v1/contracts/{}", draft["id"].as_str().unwrap());
    if proposed {
        tom.act(&format!("{contract}/propose")).await.expect(200);
    }
    contract
}

/// Adds a step to samira's plan.
pub(super) async fn step(world: &World) {
    let step = json!({
        "objective": "Adopter la posture attendue", "label": "Entraînement",
        "activity": "workshop", "grouping": "individual",
    });
    let steps = world.booklet("samira", "plan-steps");
    world.as_("tom").post(&steps, step).await.expect(201);
}

/// Where samira would validate a sheet that waits for an answer, or for the reason of a delay.
pub(super) async fn submitted_sheet(world: &World, late: bool) -> String {
    let tom = world.as_("tom");
    let first = sheet(world, &tom, "samira", "2026-11-12").await;
    let task = item(&tom, &first, task()).await;
    let second = sheet(world, &tom, "samira", "2026-11-26").await;
    if late {
        let done = json!({ "state": "done" });
        settle(&tom, &task, &second, done).await.expect(200);
    }
    tom.act(&format!("{second}/submit")).await.expect(200);
    format!("{second}/validate")
}
