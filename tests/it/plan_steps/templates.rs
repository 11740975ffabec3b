//! A plan copied from a template.

use super::*;

#[tokio::test]
async fn the_shipped_plan_is_copied_into_an_empty_one() {
    let world = world().await;
    let tom = world.as_("tom");
    let from_template = world.booklet("samira", "plan-steps/from-template");
    let copied = tom.post(&from_template, json!({})).await;
    assert_eq!(
        copied.header("location"),
        Some(world.booklet("samira", "plan-steps").as_str())
    );
    let copied = copied.expect(201);
    assert_eq!(copied["items"].as_array().unwrap().len(), 8);
    assert_eq!(copied["next"], Value::Null);
    assert_eq!(copied["items"][7]["position"], 8);
    assert_eq!(copied["items"][7]["vae_stage"], "jury");
    labels(&tom, &world).await;
    let plan = tom.get(&world.booklet("samira", "plan")).await.expect(200);
    assert_eq!(plan["source_template_id"], GENERIC);
    assert_eq!(plan["steps"], copied["items"]);
    tom.act(&from_template).await.refused(409, "plan_not_empty");
    let faults = tom
        .post(&from_template, json!({ "template_id": "x" }))
        .await
        .faults();
    assert_eq!(faults, [("/template_id".to_owned(), "format".to_owned())]);
}

#[tokio::test]
async fn an_organization_s_own_template_comes_first_and_later_edits_change_no_plan() {
    let world = world().await;
    let (tom, claire) = (world.as_("tom"), world.as_("claire"));
    let row = |label: &str| json!({ "objective": "x", "label": label, "activity": "interview", "grouping": "individual" });
    let mut templates = Vec::new();
    for name in ["ancien", "récent"] {
        let body = json!({ "name": name, "rows": [row(name)] });
        let created = claire.post("/v1/plan-templates", body).await.expect(201);
        templates.push(created["id"].as_str().unwrap().to_owned());
    }
    let rivage = world
        .as_("rose")
        .post("/v1/plan-templates", json!({ "name": "Rivage" }))
        .await
        .expect(201);
    let copy = |body| {
        let path = world.booklet("samira", "plan-steps/from-template");
        let tom = tom.clone();
        async move { tom.post(&path, body).await }
    };
    let foreign = copy(json!({ "template_id": rivage["id"] })).await.faults();
    assert_eq!(
        foreign,
        [("/template_id".to_owned(), "unknown_reference".to_owned())]
    );
    copy(json!({})).await.expect(201);
    assert_eq!(labels(&tom, &world).await, ["récent"]);

    claire
        .patch(
            &format!("/v1/plan-templates/{}", templates[1]),
            json!({ "rows": [row("autre"), row("encore")] }),
        )
        .await
        .expect(200);
    claire
        .delete(&format!("/v1/plan-templates/{}", templates[1]))
        .await
        .expect(204);
    assert_eq!(labels(&tom, &world).await, ["récent"]);
    let plan = tom.get(&world.booklet("samira", "plan")).await.expect(200);
    assert_eq!(plan["source_template_id"], templates[1]);

    tom.delete(&path(&plan["steps"][0])).await.expect(204);
    copy(json!({ "template_id": templates[0] }))
        .await
        .expect(201);
    assert_eq!(labels(&tom, &world).await, ["ancien"]);
}

#[tokio::test]
async fn two_copies_at_once_leave_one() {
    let world = world().await;
    let tom = world.as_("tom");
    let path = world.booklet("samira", "plan-steps/from-template");
    let answers = join_all((0..4).map(|_| tom.post(&path, json!({})))).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1);
    assert_eq!(labels(&tom, &world).await.len(), 8);
}
