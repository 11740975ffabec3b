//! How a contract ends, and what its booklet's state makes of it.

use super::*;

#[tokio::test]
async fn a_coordinator_terminates_a_contract_with_a_reason() {
    let world = world().await;
    let contract = in_force(&world, 100).await;
    let terminate = path(&contract, "terminate");
    for other in ["samira", "tom"] {
        let answer = world.as_(other).post(&terminate, reason()).await;
        answer.refused(403, "forbidden");
    }
    let claire = world.as_("claire");
    let fault = vec![("/reason".to_owned(), "required".to_owned())];
    assert_eq!(claire.post(&terminate, json!({})).await.faults(), fault);
    let terminated = claire.post(&terminate, reason()).await.expect(200);
    assert_eq!(
        (&terminated["state"], &terminated["terminated_on"]),
        (&json!("terminated"), &json!(world.day(0)))
    );
    assert_eq!(terminated["termination_reason"], "Déménagement.");
    assert_eq!(terminated["signatures"].as_array().unwrap().len(), 2);
    assert_eq!(state_of_booklet(&world).await, "open");
    claire
        .post(&terminate, reason())
        .await
        .refused(409, "invalid_transition");
    world
        .as_("tom")
        .act(&path(&contract, "amend"))
        .await
        .refused(409, "invalid_transition");
    let next = in_force(&world, 100).await;
    assert_eq!(next["supersedes_id"], Value::Null);
}

#[tokio::test]
async fn a_suspended_booklet_stays_suspended() {
    let world = world().await;
    let proposed = proposed(&world, "samira", 100).await;
    put_booklet(&world, "suspend", Some(reason())).await;
    let contract = signed_by_both(&world, &proposed).await;
    assert_eq!(state_of_booklet(&world).await, "suspended");
    put_booklet(&world, "resume", None).await;
    assert_eq!(state_of_booklet(&world).await, "active");
    put_booklet(&world, "suspend", Some(reason())).await;
    let claire = world.as_("claire");
    claire
        .post(&path(&contract, "terminate"), reason())
        .await
        .expect(200);
    assert_eq!(state_of_booklet(&world).await, "suspended");
    put_booklet(&world, "resume", None).await;
    assert_eq!(state_of_booklet(&world).await, "open");
}

#[tokio::test]
async fn a_booklet_that_closes_ends_its_contract_for_good() {
    for (action, body) in [
        ("close", json!({ "outcome": "full" })),
        ("withdraw", reason()),
    ] {
        let world = world().await;
        let contract = in_force(&world, 100).await;
        put_booklet(&world, action, Some(body)).await;
        assert_eq!(state_of(&world, &contract).await, "ended");
        assert!(trail(&world).await.contains(&"contract.ended".to_owned()));
        put_booklet(&world, "reopen", Some(reason())).await;
        assert_eq!(state_of(&world, &contract).await, "ended");
        assert_eq!(state_of_booklet(&world).await, "open");
    }
}

#[tokio::test]
async fn a_contract_is_shown_as_ended_from_the_day_after_its_last() {
    let world = world().await;
    let contract = in_force(&world, 10).await;
    let tom = world.as_("tom");
    let contracts = world.booklet("samira", "contracts");
    let listed = async |state: &str| {
        let list = tom.get(&format!("{contracts}?state={state}")).await;
        list.expect(200)["items"].as_array().unwrap().len()
    };
    world.advance_days(10);
    assert_eq!(state_of(&world, &contract).await, "in_force");
    assert_eq!((listed("in_force").await, listed("ended").await), (1, 0));
    world.advance_days(1);
    assert_eq!(state_of(&world, &contract).await, "ended");
    assert_eq!((listed("in_force").await, listed("ended").await), (0, 1));
    tom.act(&path(&contract, "amend"))
        .await
        .refused(409, "invalid_transition");
    let claire = world.as_("claire");
    claire
        .post(&path(&contract, "terminate"), reason())
        .await
        .refused(409, "invalid_transition");

    let next = in_force(&world, 10).await;
    assert_eq!(next["supersedes_id"], Value::Null);
    assert!(trail(&world).await.contains(&"contract.ended".to_owned()));
    assert_eq!(state_of(&world, &contract).await, "ended");
}

#[tokio::test]
async fn the_service_writes_down_once_that_a_contract_has_ended() {
    let world = world().await;
    let contract = in_force(&world, 10).await;
    let lasting = proposed(&world, "karim", 90).await;
    for party in ["candidate", "tutor"] {
        let tom = world.as_("tom");
        tom.sign(&path(&lasting, "signatures"), paper(party))
            .await
            .expect(200);
    }
    assert_eq!(
        api::program::server::end_expired(&world.state)
            .await
            .unwrap(),
        0
    );
    world.advance_days(11);
    let (first, second) = tokio::join!(
        api::program::server::end_expired(&world.state),
        api::program::server::end_expired(&world.state)
    );
    assert_eq!(first.unwrap() + second.unwrap(), 1);
    assert_eq!(state_of(&world, &contract).await, "ended");
    assert_eq!(state_of(&world, &lasting).await, "in_force");
    assert_eq!(state_of_booklet(&world).await, "open");
    let changes = changes(&world).await;
    let [.., ended, opened] = &changes[..] else {
        panic!("two changes at least");
    };
    assert_eq!(
        (&ended["type"], &ended["state"]),
        (&json!("contract.ended"), &json!("ended"))
    );
    assert_eq!(
        (&opened["type"], &opened["state"]),
        (&json!("booklet.updated"), &json!("open"))
    );
    assert_eq!(
        (&ended["actor_id"], &ended["actor_role"]),
        (&Value::Null, &json!("system"))
    );
}

#[tokio::test]
async fn a_contract_that_cannot_be_ended_now_keeps_no_other_from_it() {
    let world = world().await;
    let busy = in_force(&world, 10).await;
    let other = proposed(&world, "karim", 9).await;
    for party in ["candidate", "tutor"] {
        let tom = world.as_("tom");
        tom.sign(&path(&other, "signatures"), paper(party))
            .await
            .expect(200);
    }
    let day = world.day(10);
    let txn = world.state.db.begin().await.unwrap();
    let (guard, release) = match txn.get_database_backend() {
        DbBackend::Sqlite => (
            format!(
                "CREATE TRIGGER busy BEFORE UPDATE ON contracts WHEN NEW.ends_on = '{day}'
                 BEGIN SELECT RAISE(ABORT, 'busy'); END"
            ),
            "DROP TRIGGER busy",
        ),
        _ => (
            format!(
                "CREATE FUNCTION busy() RETURNS trigger LANGUAGE plpgsql
                 AS $$ BEGIN RAISE EXCEPTION 'busy'; END $$;
                 CREATE TRIGGER busy BEFORE UPDATE ON contracts FOR EACH ROW
                 WHEN (NEW.ends_on = DATE '{day}') EXECUTE FUNCTION busy()"
            ),
            "DROP TRIGGER busy ON contracts",
        ),
    };
    txn.execute_unprepared(&guard).await.unwrap();
    txn.commit().await.unwrap();
    world.advance_days(11);
    assert_eq!(
        api::program::server::end_expired(&world.state)
            .await
            .unwrap(),
        1
    );
    let txn = world.state.db.begin().await.unwrap();
    txn.execute_unprepared(release).await.unwrap();
    txn.commit().await.unwrap();
    assert_eq!(
        api::program::server::end_expired(&world.state)
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        api::program::server::end_expired(&world.state)
            .await
            .unwrap(),
        0
    );
    assert_eq!(state_of(&world, &busy).await, "ended");
}
