//! Candidates, and their booklets as they are opened: tutor, plan and stages.

use api::foundation::database::Transaction;
use chrono::{DateTime, Utc};
use entity::values::{BookletState, MemberKind, PlanState, PreferredChannel, StageState};
use entity::{booklet, booklet_member, candidate, plan, stage_progress};
use sea_orm::prelude::Uuid;
use sea_orm::{ActiveModelTrait, Set};

use super::{capitalized, id};

pub(super) async fn candidate(
    txn: &Transaction,
    now: DateTime<Utc>,
    name: &str,
    organization_id: Uuid,
    user_id: Option<Uuid>,
) -> Uuid {
    let row = candidate::ActiveModel {
        id: Set(id()),
        organization_id: Set(organization_id),
        user_id: Set(user_id),
        given_name: Set(capitalized(name)),
        family_name: Set("Benali".to_owned()),
        birth_date: Set(None),
        email: Set(None),
        phone: Set(None),
        preferred_channel: Set(PreferredChannel::Email),
        accessibility_needs: Set(None),
        search: Set(format!("{name} benali")),
        sort_key: Set(format!("benali {name}").into_bytes()),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    };
    row.insert(txn).await.unwrap().id
}

pub(super) async fn booklet(
    txn: &Transaction,
    now: DateTime<Utc>,
    organization_id: Uuid,
    candidate_id: Uuid,
    tutor_id: Uuid,
    watched: Option<(Uuid, Uuid)>,
) -> Uuid {
    let today = now.date_naive();
    let row = booklet::ActiveModel {
        id: Set(id()),
        organization_id: Set(organization_id),
        candidate_id: Set(candidate_id),
        tutor_id: Set(tutor_id),
        prescriber_id: Set(watched.map(|(prescriber, _)| prescriber)),
        validator_id: Set(watched.map(|(_, validator)| validator)),
        purpose: Set("Un livret.".to_owned()),
        certification: Set(None),
        state: Set(BookletState::Open),
        in_force_until: Set(None),
        suspension_reason: Set(None),
        reopening_reason: Set(None),
        opened_on: Set(today),
        target_closing_on: Set(None),
        closed_on: Set(None),
        closed_at: Set(None),
        closure_reason: Set(None),
        outcome: Set(None),
        quiet_since: Set(today),
        archived_at: Set(None),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    let booklet_id = row.insert(txn).await.unwrap().id;
    let row = booklet_member::ActiveModel {
        id: Set(id()),
        organization_id: Set(organization_id),
        booklet_id: Set(booklet_id),
        user_id: Set(tutor_id),
        kind: Set(MemberKind::Tutor),
        starts_on: Set(today),
        ends_on: Set(None),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    };
    row.insert(txn).await.unwrap();
    let row = plan::ActiveModel {
        id: Set(id()),
        organization_id: Set(organization_id),
        booklet_id: Set(booklet_id),
        state: Set(PlanState::Draft),
        proposed_by: Set(None),
        agreed_by_candidate_at: Set(None),
        agreed_by_tutor_at: Set(None),
        on_behalf: Set(false),
        source_template_id: Set(None),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    };
    row.insert(txn).await.unwrap();
    for code in [
        "information_project",
        "support",
        "admissibility",
        "validation_file",
        "jury",
    ] {
        let row = stage_progress::ActiveModel {
            id: Set(id()),
            organization_id: Set(organization_id),
            booklet_id: Set(booklet_id),
            code: Set(code.to_owned()),
            state: Set(StageState::NotStarted),
            started_on: Set(None),
            completed_on: Set(None),
            comment: Set(None),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
        };
        row.insert(txn).await.unwrap();
    }
    booklet_id
}
