//! Rows that a test needs beside the resource it is about, written and read without HTTP.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use entity::values::{Activity, Grouping, Ids, SheetState, StepState, Texts, WebhookState};
use entity::{
    action_sheet, event, external_reference, mail, note, organization, plan_step, session, webhook,
};
use sea_orm::prelude::Uuid;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter,
    QueryOrder, Set, Statement,
};
use serde_json::json;
use tests::World;

/// Claire closes this candidate's booklet.
pub(crate) async fn close_booklet(world: &World, candidate: &str) {
    world
        .as_("claire")
        .post(
            &world.booklet(candidate, "close"),
            json!({ "outcome": "full" }),
        )
        .await
        .expect(200);
}

/// A step of this candidate's plan, on a stage of the VAE.
pub(crate) async fn plan_step(
    world: &World,
    candidate: &str,
    home: &str,
    stage: Option<&str>,
) -> Uuid {
    let row = plan_step::ActiveModel {
        id: Set(api::kit::new_id()),
        organization_id: Set(world.organization_id(home)),
        booklet_id: Set(world.booklet_id(candidate)),
        position: Set(1),
        objective: Set("Présenter les attendus du livret 2".to_owned()),
        label: Set("Présentation du livret de validation".to_owned()),
        activity: Set(Activity::Interview),
        grouping: Set(Grouping::Individual),
        duration_minutes: Set(None),
        planned_from: Set(None),
        planned_to: Set(None),
        done_on: Set(None),
        state: Set(StepState::Planned),
        variance_reason: Set(None),
        vae_stage: Set(stage.map(ToOwned::to_owned)),
        version: Set(1),
        created_at: Set(world.clock.now()),
        updated_at: Set(world.clock.now()),
    };
    row.insert(world.state.db.reader()).await.unwrap().id
}

/// An action sheet of this candidate, about this appointment.
pub(crate) async fn action_sheet(world: &World, candidate: &str, home: &str, appointment: Uuid) {
    let row = action_sheet::ActiveModel {
        id: Set(api::kit::new_id()),
        organization_id: Set(world.organization_id(home)),
        booklet_id: Set(world.booklet_id(candidate)),
        number: Set(1),
        appointment_on: Set(world.day(0)),
        appointment_id: Set(Some(appointment)),
        targeted_objective_ids: Set(Ids::default()),
        achieved_objective_ids: Set(Ids::default()),
        state: Set(SheetState::Draft),
        on_behalf: Set(false),
        version: Set(1),
        created_at: Set(world.clock.now()),
        updated_at: Set(world.clock.now()),
        ..Default::default()
    };
    row.insert(world.state.db.reader()).await.unwrap();
}

/// A session of this person, of which nobody holds the tokens.
pub(crate) async fn session(world: &World, name: &str) -> Uuid {
    let now = world.clock.now();
    let row = session::ActiveModel {
        id: Set(api::kit::new_id()),
        user_id: Set(world.user_id(name)),
        generation: Set(1),
        salt: Set("salt".to_owned()),
        created_at: Set(now),
        rotated_at: Set(now),
        expires_at: Set(now + TimeDelta::days(30)),
        revoked_at: Set(None),
        user_agent: Set(None),
        network: Set(None),
    };
    row.insert(world.state.db.writer()).await.unwrap().id
}

/// Changes of booklets that this organization never saw, so many at once.
pub(crate) async fn many_events(world: &World, home: &str, count: usize) {
    let organization_id = world.organization_id(home);
    let rows = (0..count).map(|_| event::ActiveModel {
        organization_id: Set(Some(organization_id)),
        at: Set(world.clock.now()),
        actor_role: Set("system".to_owned()),
        kind: Set("booklet.updated".to_owned()),
        resource: Set("booklet".to_owned()),
        resource_id: Set(api::kit::new_id()),
        version: Set(1),
        changed: Set(Texts::default()),
        request_id: Set("many-events".to_owned()),
        ..Default::default()
    });
    let rows: Vec<event::ActiveModel> = rows.collect();
    for rows in rows.chunks(500) {
        let rows = event::Entity::insert_many(rows.to_vec());
        rows.exec_without_returning(world.state.db.writer())
            .await
            .unwrap();
    }
}

/// How many rows a table has.
pub(crate) async fn count(world: &World, table: &str) -> usize {
    everything(world).await[table].len()
}

/// An active webhook of this id, of which nobody holds the secret.
pub(crate) async fn webhook(world: &World, home: &str, id: Uuid) {
    let row = webhook::ActiveModel {
        id: Set(id),
        organization_id: Set(world.organization_id(home)),
        url: Set("https://crm.horizon.example/livret".to_owned()),
        topics: Set(Texts(vec!["*".to_owned()])),
        state: Set(WebhookState::Active),
        secret_salt: Set("salt".to_owned()),
        position: Set(0),
        version: Set(1),
        created_at: Set(world.clock.now()),
        updated_at: Set(world.clock.now()),
        ..Default::default()
    };
    row.insert(world.state.db.writer()).await.unwrap();
}

/// The mails of the outbox, in order.
#[expect(
    clippy::disallowed_methods,
    reason = "what they say is shown to nobody"
)]
pub(crate) async fn mails(world: &World) -> Vec<mail::Model> {
    let mails = mail::Entity::find().order_by_asc(mail::Column::Id);
    mails.all(world.state.db.reader()).await.unwrap()
}

/// The events of this resource, in order.
#[expect(clippy::disallowed_methods, reason = "a test reads the whole trail")]
pub(crate) async fn events(world: &World, resource: &str) -> Vec<event::Model> {
    event::Entity::find()
        .filter(event::Column::Resource.eq(resource))
        .order_by_asc(event::Column::Sequence)
        .all(world.state.db.reader())
        .await
        .unwrap()
}

/// All the notes, in order.
#[expect(
    clippy::disallowed_methods,
    reason = "private ones are shown to nobody"
)]
pub(crate) async fn note_ids(world: &World) -> Vec<Uuid> {
    let notes = note::Entity::find().order_by_asc(note::Column::Id);
    let notes = notes.all(world.state.db.reader()).await.unwrap();
    notes.into_iter().map(|note| note.id).collect()
}

/// All the external references, in order.
#[expect(clippy::disallowed_methods, reason = "their ids are shown to nobody")]
pub(crate) async fn reference_ids(world: &World) -> Vec<Uuid> {
    use external_reference::{Column, Entity};
    let references = Entity::find().order_by_asc(Column::Id);
    let references = references.all(world.state.db.reader()).await.unwrap();
    references.into_iter().map(|row| row.id).collect()
}

/// Gives every event its place in the feed, as any reader would: no effect of what comes then.
#[expect(clippy::disallowed_methods, reason = "of all organizations")]
pub(crate) async fn place_all(world: &World) {
    let organizations = organization::Entity::find().all(world.state.db.reader());
    for organization in organizations.await.unwrap() {
        api::outside::changes::assign_numbers(&world.state, organization.id)
            .await
            .unwrap();
    }
}

/// All rows of all tables, by table. The database writes each as one text: that is quick.
pub(crate) async fn everything(world: &World) -> BTreeMap<String, Vec<String>> {
    let db = world.state.db.reader();
    let backend = db.get_database_backend();
    let query = async |sql: &str| {
        let rows = db.query_all_raw(Statement::from_string(backend, sql));
        rows.await.unwrap()
    };
    // The query of each table: its name, and a text of its columns.
    let queries = match backend {
        DbBackend::Sqlite => {
            r#"SELECT 'SELECT ''' || t.name || ''', '
                   || group_concat('quote("' || c.name || '")', ' || '','' || ')
                   || ' FROM ' || t.name
               FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' GROUP BY t.name"#
        }
        _ => {
            "SELECT 'SELECT ''' || table_name || ''', r::text FROM ' || table_name || ' r'
             FROM information_schema.tables WHERE table_schema = 'public'"
        }
    };
    let queries = query(queries).await;
    let queries = queries
        .iter()
        .map(|row| row.try_get_by_index::<String>(0).unwrap());
    let queries: Vec<String> = queries.collect();
    let mut all = BTreeMap::<String, Vec<String>>::new();
    for row in query(&queries.join(" UNION ALL ")).await {
        let (table, row) = row.try_get_many_by_index().unwrap();
        all.entry(table).or_default().push(row);
    }
    all.values_mut().for_each(|rows| rows.sort_unstable());
    all
}
