//! Break-glass in the walk: openings that are over, and the admin's reads while a booklet is open.

use entity::break_glass;
use entity::values::Role;
use sea_orm::prelude::Uuid;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::json;
use tests::{Operation, World};

use super::objects::{self, Standing, Target, object};
use super::{Verdict, play};

/// A booklet that ada opened, or an admin who is nobody here; her time is over.
pub(super) async fn past(world: &World, booklet: &str, target: Target) -> String {
    let now = world.clock.now();
    let home = match target {
        Target::OtherOrganization => "rivage",
        _ => "horizon",
    };
    let admin_id = match target {
        Target::Own => world.user_id("ada"),
        _ => api::kit::new_id(),
    };
    let row = break_glass::ActiveModel {
        id: Set(api::kit::new_id()),
        organization_id: Set(world.organization_id(home)),
        booklet_id: Set(booklet.parse::<Uuid>().unwrap()),
        admin_id: Set(admin_id),
        admin_name: Set("Alix Martin".to_owned()),
        reason: Set("Une raison qui ne vaut plus.".to_owned()),
        expires_at: Set(now),
        ended_at: Set(None),
        ended_by: Set(None),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let made = row.insert(world.state.db.writer()).await.unwrap();
    made.id.to_string()
}

/// Nothing is open any more.
pub(super) async fn close_all(world: &World) {
    break_glass::Entity::update_many()
        .set(break_glass::ActiveModel {
            ended_at: Set(Some(world.clock.now())),
            ..Default::default()
        })
        .filter(break_glass::Column::EndedAt.is_null())
        .exec(world.state.db.writer())
        .await
        .unwrap();
}

/// The admin reads the booklet that is open, finds no other, and nothing once it is ended.
pub(super) async fn reads_what_is_open(world: &World, operation: &Operation, standing: &Standing) {
    let collection = operation.collection();
    let values = object(world, operation, Role::Admin, Target::Own).await;
    let path = operation.fill(&values);
    let booklet = match collection.as_str() {
        "" => world.booklet_id("samira").to_string(),
        "booklets" => values[0].clone(),
        "booklets/external" => values[1].clone(),
        page => {
            let page = format!("/v1/{page}/{}", values[0]);
            let page = world.as_("claire").get(&page).await.expect(200);
            page["booklet_id"].as_str().unwrap().to_owned()
        }
    };
    let ada = world.as_("ada");
    let at = format!("/v1/booklets/{booklet}/break-glass");
    let reason = json!({ "reason": "Signalement 118 : à la demande de la candidate." });
    let opening = ada.post(&at, reason).await.expect(201);
    let id = &operation.id;
    let verdict = play(world, operation, "ada", &path).await;
    assert_eq!(verdict, Verdict::Admitted, "{id} on {path}, open");
    for target in objects::targets(&collection) {
        if *target != Target::Own {
            let path = operation.fill(&standing[&(collection.clone(), *target)]);
            let verdict = play(world, operation, "ada", &path).await;
            assert_eq!(verdict, Verdict::NotFound, "{id} on {path} ({target:?})");
        }
    }
    let end = format!("/v1/break-glass/{}/end", opening["id"].as_str().unwrap());
    ada.act(&end).await.expect(200);
    let verdict = play(world, operation, "ada", &path).await;
    assert_eq!(verdict, Verdict::Forbidden, "{id} on {path}, ended");
}
