//! Who sees whom, and how much of them.

use super::*;

#[tokio::test]
async fn a_tutor_sees_names_alone() {
    let world = world().await;
    let claire = user(&world, "claire");
    let seen = world.as_("tom").get(&claire).await.expect(200);
    assert_eq!(seen["given_name"], "Claire");
    assert_eq!(seen["role"], "coordinator");
    for hidden in [
        "email",
        "phone",
        "locale",
        "last_login_at",
        "external_references",
    ] {
        assert_eq!(seen[hidden], Value::Null, "{hidden}");
    }
    let list = world.as_("tom").get("/v1/users").await.expect(200);
    let items = list["items"].as_array().unwrap();
    assert!(items.len() > 5);
    let home = world.organization_id("horizon").to_string();
    assert!(
        items
            .iter()
            .all(|item| item["email"].is_null() && item["organization_id"] == home)
    );
    world
        .as_("tom")
        .patch(&claire, json!({ "phone": null }))
        .await
        .refused(403, "forbidden");
    world
        .as_("tom")
        .post("/v1/users", lea())
        .await
        .refused(403, "forbidden");
    world
        .as_("remi")
        .get(&claire)
        .await
        .refused(404, "not_found");
}

#[tokio::test]
async fn candidates_prescribers_and_validators_see_themselves_alone() {
    let world = world().await;
    for name in ["samira", "paul", "vera"] {
        let person = world.as_(name);
        let list = person.get("/v1/users").await.expect(200);
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        let own = person.get(&user(&world, name)).await.expect(200);
        assert_eq!(own["email"], format!("{name}@livret.example"));
        person
            .get(&user(&world, "tom"))
            .await
            .refused(404, "not_found");
        person
            .patch(&user(&world, name), json!({ "phone": null }))
            .await
            .refused(403, "forbidden");
    }
}

#[tokio::test]
async fn the_admin_reaches_coordinators_alone() {
    let world = world().await;
    let ada = world.as_("ada");
    let list = ada.get("/v1/users").await.expect(200);
    assert_eq!(roles(&list), ["coordinator"]);
    ada.get(&user(&world, "claire")).await.expect(200);
    ada.patch(&user(&world, "rose"), json!({ "phone": "+33467000000" }))
        .await
        .expect(200);
    ada.get(&user(&world, "tom"))
        .await
        .refused(404, "not_found");
    ada.delete(&user(&world, "tom"))
        .await
        .refused(404, "not_found");
    let mut new = lea();
    new["organization_id"] = json!(world.organization_id("rivage"));
    ada.post("/v1/users", new.clone())
        .await
        .refused(403, "forbidden");
    new["role"] = json!("coordinator");
    let created = ada.post("/v1/users", new.clone()).await.expect(201);
    assert_eq!(created["organization_id"], new["organization_id"]);
    new["organization_id"] = Value::Null;
    new["email"] = json!("autre@rivage.example");
    let pointer = "/organization_id".to_owned();
    let faults = ada.post("/v1/users", new.clone()).await.faults();
    assert_eq!(faults, [(pointer.clone(), "required".to_owned())]);
    new["organization_id"] = json!(world.user_id("tom"));
    let faults = ada.post("/v1/users", new).await.faults();
    assert_eq!(faults, [(pointer, "unknown_reference".to_owned())]);
}

#[tokio::test]
async fn an_integration_reaches_candidates_and_tutors_alone() {
    let world = world().await;
    let crm = world.as_("crm");
    let list = crm.get("/v1/users").await.expect(200);
    assert_eq!(roles(&list), ["candidate", "tutor"]);
    let change = || json!({ "phone": "+33612345678" });
    crm.patch(&user(&world, "tom"), change()).await.expect(200);
    for name in ["claire", "paul", "vera", "remi", "ada"] {
        let path = user(&world, name);
        crm.get(&path).await.refused(404, "not_found");
        crm.patch(&path, change()).await.refused(404, "not_found");
    }
    crm.delete(&user(&world, "tom"))
        .await
        .refused(403, "forbidden");
    let created = crm.post("/v1/users", lea()).await.expect(201);
    crm.patch(&path_of(&created), json!({ "role": "coordinator" }))
        .await
        .refused(403, "forbidden");
    let mut coordinator = lea();
    coordinator["role"] = json!("coordinator");
    crm.post("/v1/users", coordinator)
        .await
        .refused(403, "forbidden");
}

#[tokio::test]
async fn nobody_makes_an_admin_or_a_user_of_another_organization() {
    let world = world().await;
    let claire = world.as_("claire");
    for role in ["admin", "integration"] {
        let mut new = lea();
        new["role"] = json!(role);
        let faults = claire.post("/v1/users", new).await.faults();
        assert_eq!(faults, [("/role".to_owned(), "not_allowed".to_owned())]);
    }
    for organization in ["horizon", "rivage"] {
        let mut new = lea();
        new["organization_id"] = json!(world.organization_id(organization));
        let faults = claire.post("/v1/users", new).await.faults();
        assert_eq!(
            faults,
            [("/organization_id".to_owned(), "not_allowed".to_owned())]
        );
    }
    let mut new = lea();
    new["state"] = json!("active");
    let faults = claire.post("/v1/users", new).await.faults();
    assert_eq!(faults, [("/state".to_owned(), "unknown_field".to_owned())]);
}

#[tokio::test]
async fn users_are_listed_by_role_state_and_what_another_system_calls_them() {
    let world = world().await;
    let claire = world.as_("claire");
    let mut new = lea();
    new["external_references"] = json!([{ "system": "paie", "external_id": "42" }]);
    let created = claire.post("/v1/users", new.clone()).await.expect(201);
    for query in [
        "?state=invited",
        "?role=tutor&state=invited",
        "?role=tutor,candidate&state=invited,disabled",
        "?external_system=paie",
        "?external_id=42",
    ] {
        let list = claire.get(&format!("/v1/users{query}")).await.expect(200);
        assert_eq!(list["items"], json!([created]), "{query}");
    }
    for query in ["?external_system=paie", "?external_id=42"] {
        let path = format!("/v1/users{query}");
        let hidden = world.as_("tom").get(&path).await.expect(200);
        assert_eq!(hidden["items"], json!([]), "{query}");
    }
    let tutors = claire.get("/v1/users?role=tutor").await.expect(200);
    assert_eq!(roles(&tutors), ["tutor"]);
    claire
        .get("/v1/users?role=chef")
        .await
        .refused(400, "malformed_query");
    new["email"] = json!("autre@horizon.example");
    claire
        .post("/v1/users", new.clone())
        .await
        .refused(409, "external_reference_taken");
    claire.delete(&path_of(&created)).await.expect(204);
    claire.post("/v1/users", new).await.expect(201);
}
