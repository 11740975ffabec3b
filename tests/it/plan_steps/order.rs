//! Places 1, 2, 3 …, whatever happens at once.

use super::*;

#[tokio::test]
async fn twenty_steps_added_at_once_stand_in_places_one_to_twenty() {
    let world = world().await;
    let tom = world.as_("tom");
    let steps = world.booklet("samira", "plan-steps");
    let answers = join_all((0..20).map(|_| tom.post(&steps, step("x")))).await;
    for answer in answers {
        answer.expect(201);
    }
    assert_eq!(labels(&tom, &world).await.len(), 20);
    let plan = tom.get(&world.booklet("samira", "plan")).await.expect(200);
    assert_eq!(plan["version"], 21);
}

#[tokio::test]
async fn moves_and_removals_at_once_leave_no_hole() {
    let world = world().await;
    let tom = world.as_("tom");
    let mut paths = Vec::new();
    for label in ["a", "b", "c", "d", "e", "f"] {
        paths.push(path(&add(&tom, &world, label).await));
    }
    let (gone, moved) = paths.split_at(2);
    let removals = join_all(gone.iter().map(|path| tom.delete(path)));
    let moves = join_all(
        moved
            .iter()
            .map(|path| tom.patch(path, json!({ "position": 1 }))),
    );
    let (removals, moves) = futures_util::future::join(removals, moves).await;
    for answer in removals.into_iter().chain(moves) {
        assert!(answer.status < 300, "{:#}", answer.body);
    }
    assert_eq!(labels(&tom, &world).await.len(), 4);
}

#[tokio::test]
async fn a_step_moves_and_the_others_make_way() {
    let world = world().await;
    let tom = world.as_("tom");
    let mut steps = Vec::new();
    for label in ["a", "b", "c", "d"] {
        steps.push(add(&tom, &world, label).await);
    }
    let moved = tom
        .patch(&path(&steps[0]), json!({ "position": 3 }))
        .await
        .expect(200);
    assert_eq!(
        (&moved["position"], &moved["version"]),
        (&json!(3), &json!(2))
    );
    assert_eq!(labels(&tom, &world).await, ["b", "c", "a", "d"]);
    assert_eq!(tom.get(&path(&steps[3])).await.expect(200)["version"], 1);
    tom.patch(&path(&steps[1]), json!({ "position": null }))
        .await
        .expect(200);
    assert_eq!(labels(&tom, &world).await, ["c", "a", "d", "b"]);
    tom.delete(&path(&steps[0])).await.expect(204);
    assert_eq!(labels(&tom, &world).await, ["c", "d", "b"]);
    let mut second = step("e");
    second["position"] = json!(2);
    tom.post(&world.booklet("samira", "plan-steps"), second)
        .await
        .expect(201);
    assert_eq!(labels(&tom, &world).await, ["c", "e", "d", "b"]);
    let mut beyond = step("f");
    beyond["position"] = json!(6);
    let faults = tom
        .post(&world.booklet("samira", "plan-steps"), beyond)
        .await
        .faults();
    assert_eq!(faults, [("/position".to_owned(), "maximum".to_owned())]);
}

#[tokio::test]
async fn an_order_names_every_step_exactly_once() {
    let world = world().await;
    let tom = world.as_("tom");
    let mut ids = Vec::new();
    for label in ["a", "b", "c"] {
        ids.push(add(&tom, &world, label).await["id"].clone());
    }
    let order = world.booklet("samira", "plan-steps/order");
    let unknown = json!(api::kit::new_id());
    for (wrong, pointer, code) in [
        (json!([ids[0], ids[1]]), "/ids", "incomplete"),
        (
            json!([ids[0], ids[1], ids[2], ids[0]]),
            "/ids/3",
            "unique_items",
        ),
        (
            json!([ids[0], unknown, ids[1], ids[2]]),
            "/ids/1",
            "unknown_reference",
        ),
    ] {
        let faults = tom.put(&order, json!({ "ids": wrong })).await.faults();
        assert_eq!(faults, [(pointer.to_owned(), code.to_owned())]);
    }
    let faults = tom.put(&order, json!({ "ids": ["x"] })).await.faults();
    assert_eq!(faults, [("/ids/0".to_owned(), "format".to_owned())]);
    assert_eq!(labels(&tom, &world).await, ["a", "b", "c"]);

    let reversed = json!({ "ids": [ids[2], ids[1], ids[0]] });
    let put = |body: &Value, headers| {
        let (tom, order, body) = (tom.clone(), order.clone(), body.clone());
        async move { tom.send(Method::PUT, &order, Some(body), headers).await }
    };
    put(&reversed, &[])
        .await
        .refused(428, "precondition_required");
    put(&reversed, &[("if-match", "\"1\"")])
        .await
        .refused(412, "stale");
    assert_eq!(labels(&tom, &world).await, ["a", "b", "c"]);
    let ordered = put(&reversed, &[("if-match", "\"4\"")]).await;
    assert_eq!(ordered.header("etag"), Some("\"5\""));
    let ordered = ordered.expect(200);
    assert_eq!(ordered["steps"][0]["id"], ids[2]);
    assert_eq!(ordered["steps"][1]["version"], 1);
    assert_eq!(labels(&tom, &world).await, ["c", "b", "a"]);
    put(&reversed, &[("if-match", "\"4\"")])
        .await
        .refused(412, "stale");

    for never in ["samira", "paul", "vera", "crm", "ada"] {
        let never = world.as_(never);
        never
            .put(&order, reversed.clone())
            .await
            .refused(403, "forbidden");
    }
    world
        .as_("tina")
        .put(&order, reversed)
        .await
        .refused(404, "not_found");
}

#[tokio::test]
async fn a_new_order_of_an_agreed_plan_makes_it_a_draft_and_the_same_order_does_not() {
    let world = world().await;
    let tom = world.as_("tom");
    let first = add(&tom, &world, "a").await["id"].clone();
    let second = add(&tom, &world, "b").await["id"].clone();
    tom.act(&world.booklet("samira", "plan/propose"))
        .await
        .expect(200);
    let order = world.booklet("samira", "plan-steps/order");
    let same = tom
        .put(&order, json!({ "ids": [first, second] }))
        .await
        .expect(200);
    assert_eq!(same["state"], "proposed");
    let other = tom
        .put(&order, json!({ "ids": [second, first] }))
        .await
        .expect(200);
    assert_eq!(other["state"], "draft");
}
