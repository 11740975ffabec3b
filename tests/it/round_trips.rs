//! A read of one object or one page costs at most three round trips to the database,
//! authentication included. The views of a whole booklet have constants of their own.

use crate::world;

/// A booklet's milestones: identity, booklet, and one query per kind of page.
const MILESTONES: u64 = 9;

#[tokio::test]
async fn a_read_costs_at_most_three_round_trips() {
    let world = world().await;
    let samira = format!("/v1/candidates/{}", world.candidate_id("samira"));
    for (name, path) in [
        ("samira", samira),
        ("samira", "/v1/me".to_owned()),
        ("tom", "/v1/booklets".to_owned()),
        ("tom", world.booklet("samira", "")),
        ("tom", world.booklet("samira", "follow-ups")),
        ("tom", world.booklet("samira", "members")),
        ("tom", world.booklet("samira", "audit")),
        ("tom", "/v1/users".to_owned()),
        ("tom", "/v1/candidates?q=benali".to_owned()),
        ("claire", "/v1/organizations".to_owned()),
        ("claire", "/v1/service-accounts".to_owned()),
    ] {
        let spent = cost(&world, name, &path).await;
        assert!(spent <= 3, "{path} costs {spent} round trips");
    }
    assert_eq!(
        cost(&world, "paul", &world.booklet("samira", "milestones")).await,
        MILESTONES
    );
}

async fn cost(world: &tests::World, name: &str, path: &str) -> u64 {
    let before = world.state.db.statements();
    world.as_(name).get(path).await.expect(200);
    world.state.db.statements() - before
}
