//! A contract in the place of another one.

use super::*;

#[tokio::test]
async fn an_amendment_replaces_the_contract_once_both_have_signed_it() {
    let world = world().await;
    let first = in_force(&world, 100).await;
    let tom = world.as_("tom");
    let second = amended(&world, &first).await;
    assert_eq!(second["supersedes_id"], first["id"]);
    for name in ["preamble", "pledge", "starts_on", "ends_on"] {
        assert_eq!(second[name], first[name], "{name}");
    }
    tom.act(&path(&second, "amend"))
        .await
        .refused(409, "invalid_transition");
    let change = json!({ "ends_on": world.day(300) });
    tom.patch(&path(&second, ""), change).await.expect(200);
    let proposed = propose(&world, &second).await;
    sign(&world.as_("samira"), &proposed).await;
    assert_eq!(state_of(&world, &first).await, "in_force");
    sign(&tom, &proposed).await;
    assert_eq!(state_of(&world, &first).await, "superseded");
    assert_eq!(state_of(&world, &second).await, "in_force");
    let trail = trail(&world).await;
    let last = &trail[trail.len() - 4..];
    let expected = [
        "contract.signed",
        "contract.in_force",
        "contract.superseded",
        "booklet.updated",
    ];
    assert_eq!(last, expected);
    world.advance_days(300);
    assert_eq!(state_of_booklet(&world).await, "active");
    world.advance_days(1);
    assert_eq!(state_of_booklet(&world).await, "open");
}

#[tokio::test]
async fn a_new_contract_replaces_the_one_in_force_too() {
    let world = world().await;
    let first = in_force(&world, 100).await;
    let second = in_force(&world, 200).await;
    assert_eq!(second["supersedes_id"], first["id"]);
    assert_eq!(state_of(&world, &first).await, "superseded");
}

#[tokio::test]
async fn of_two_amendments_at_once_one_is_made() {
    let world = world().await;
    let contract = in_force(&world, 100).await;
    let (tom, claire) = (world.as_("tom"), world.as_("claire"));
    let amend = path(&contract, "amend");
    let (first, second) = tokio::join!(tom.act(&amend), claire.act(&amend));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    let refused = if first.status == 409 { first } else { second };
    refused.refused(409, "contract_pending");
}
