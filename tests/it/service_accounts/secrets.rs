//! A new secret beside the former one, and the end of both.

use super::*;

#[tokio::test]
async fn a_rotated_secret_works_beside_the_former_one_for_a_day() {
    let world = world().await;
    let claire = world.as_("claire");
    let former = create(&claire, &["candidates:read"]).await;
    let rotate = format!("{}/rotate", path_of(&former));
    let stale = [("if-match", "\"9\"")];
    let answer = claire.send(Method::POST, &rotate, None, &stale).await;
    answer.refused(412, "stale");
    let rotated = claire.act(&rotate).await.expect(200);
    assert_eq!(rotated["client_id"], former["client_id"]);
    assert_ne!(rotated["secret"], former["secret"]);
    assert_eq!(rotated["version"], 2);
    assert_eq!(rotated["secrets"][0]["is_former"], false);
    assert_eq!(rotated["secrets"][0]["expires_at"], rotated["expires_at"]);
    assert_eq!(rotated["secrets"][1]["is_former"], true);
    let end = rotated["secrets"][1]["expires_at"].as_str().unwrap();
    let day = world.clock.now() + chrono::TimeDelta::hours(24);
    assert!(end.parse::<DateTime<Utc>>().unwrap() <= day);
    let seen = claire.get(&path_of(&former)).await.expect(200);
    assert_eq!(seen["secrets"], rotated["secrets"]);
    assert_eq!(seen.get("secret"), None);

    let by_former = token(&world, &former).await.expect(200);
    assert_eq!(by_former["secret_expires_at"], end);
    assert_eq!(by_former["secret_expires_soon"], true);
    let by_new = token(&world, &rotated).await.expect(200);
    assert_eq!(by_new["secret_expires_at"], rotated["expires_at"]);
    assert_eq!(by_new["secret_expires_soon"], false);
    world.clock.advance(chrono::TimeDelta::hours(24));
    token(&world, &former).await.refused(401, "invalid_client");
    token(&world, &rotated).await.expect(200);
}

#[tokio::test]
async fn the_former_secret_works_for_as_long_as_was_chosen() {
    let world = world().await;
    let claire = world.as_("claire");
    let first = create(&claire, &["candidates:read"]).await;
    let rotate = format!("{}/rotate", path_of(&first));
    let body = json!({ "overlap_hours": 1 });
    let second = claire.post(&rotate, body).await.expect(200);
    token(&world, &first).await.expect(200);
    // Two secrets at most: the one before the former is worth nothing.
    let third = claire.act(&rotate).await.expect(200);
    token(&world, &first).await.refused(401, "invalid_client");
    token(&world, &second).await.expect(200);
    let at_once = json!({ "overlap_hours": 0 });
    let fourth = claire.post(&rotate, at_once).await.expect(200);
    assert_eq!(fourth["secrets"].as_array().unwrap().len(), 1);
    for before in [&first, &second, &third] {
        token(&world, before).await.refused(401, "invalid_client");
    }
    token(&world, &fourth).await.expect(200);
    for body in [
        json!({ "overlap_hours": 169 }),
        json!({ "overlap_hours": -1 }),
        json!({ "expires_at": world.clock.now() }),
        json!({ "secret": "mine" }),
    ] {
        let faults = claire.post(&rotate, body).await.faults();
        assert_eq!(faults.len(), 1);
    }
}

#[tokio::test]
async fn an_account_says_that_its_secret_expires_soon_and_a_rotation_may_prolong_it() {
    let world = world().await;
    let claire = world.as_("claire");
    let account = create(&claire, &["candidates:read"]).await;
    assert_eq!(account["secret_expires_soon"], false);
    world.advance_days(365 - 32);
    let path = path_of(&account);
    let soon = async || claire.get(&path).await.expect(200)["secret_expires_soon"].clone();
    assert_eq!(soon().await, false);
    world.advance_days(3);
    assert_eq!(soon().await, true);
    let list = claire.get(ACCOUNTS).await.expect(200);
    assert_eq!(list["items"][0]["secret_expires_soon"], true);
    let answer = token(&world, &account).await.expect(200);
    assert_eq!(answer["secret_expires_soon"], true);

    let end = json!(world.clock.now() + Months::new(12));
    let body = json!({ "expires_at": end });
    let rotated = claire.post(&format!("{path}/rotate"), body).await;
    let rotated = rotated.expect(200);
    assert_eq!(rotated["secret_expires_soon"], false);
    assert_eq!(rotated["expires_at"], end);
    let answer = token(&world, &rotated).await.expect(200);
    assert_eq!(answer["secret_expires_soon"], false);
}
