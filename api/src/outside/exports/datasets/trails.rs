//! Who changed what, and who looked: without what was done with private notes.

use entity::{access_entry, event};
use sea_orm::sea_query::{Condition, Expr, ExprTrait};
use sea_orm::{EntityTrait, IdenStatic};

use crate::booklet::notes::store::of_no_private_note;
use crate::foundation::access_log::one_booklet;
use crate::kit::{Ctx, Result};
use crate::outside::changes::store::latest;
use crate::outside::exports::dataset::Exported;

impl Exported for event::Entity {
    const NAME: &'static str = "events";
    const ABOUT: &'static str = "A change: who, what, when. Names of fields, never contents. `updated_since` goes by `at`. \
        `sequence` is that of the audit trail. The `sequence` of `GET /v1/changes` and of webhooks is \
        `change_sequence` here: empty in what was written at the very moment of the export.";
    const SCHEMA: Option<&'static str> = Some("AuditEvent");
    const CHANGED: Option<Self::Column> = Some(event::Column::At);
    const COLUMNS: &'static [Self::Column] = {
        use event::Column::*;
        &[
            Sequence,
            At,
            ActorId,
            ActorRole,
            Kind,
            Resource,
            ResourceId,
            BookletId,
            Version,
            State,
            Changed,
            RequestId,
            Position,
            ContentSha256,
        ]
    };

    /// Every change that is committed gets its place in the feed.
    async fn prepared(ctx: &Ctx) -> Result<()> {
        latest(&ctx.state, ctx.organization_id()?).await?;
        Ok(())
    }

    fn leaving() -> Condition {
        for_nobody_s_eyes_alone::<Self>()
    }

    fn shown(row: event::Model, ctx: &Ctx) -> event::Model {
        event::Model {
            sequence: ctx.state.keys.number(row.at, row.sequence),
            ..row
        }
    }

    fn name(column: &Self::Column) -> &'static str {
        match column {
            event::Column::Kind => "type",
            event::Column::Position => "change_sequence",
            other => other.as_str(),
        }
    }
}

impl Exported for access_entry::Entity {
    const NAME: &'static str = "accesses";
    const ABOUT: &'static str = "A line of the access log. `updated_since` goes by `at`.";
    const SCHEMA: Option<&'static str> = Some("Access");
    const CHANGED: Option<Self::Column> = Some(access_entry::Column::At);
    const COLUMNS: &'static [Self::Column] = {
        use access_entry::Column::*;
        &[
            Sequence, At, Kind, Operation, Outcome, Status, Code, ActorId, ActorRole, SessionId,
            Resource, ResourceId, BookletId, Address, RequestId, Times,
        ]
    };

    fn leaving() -> Condition {
        for_nobody_s_eyes_alone::<Self>()
    }

    fn shown(row: access_entry::Model, ctx: &Ctx) -> access_entry::Model {
        access_entry::Model {
            sequence: ctx.state.keys.number(row.at, row.sequence),
            booklet_id: one_booklet(&row),
            ..row
        }
    }
}

fn for_nobody_s_eyes_alone<E: EntityTrait>() -> Condition {
    Condition::all()
        .add(Expr::col((E::default(), "private_to")).is_null())
        .add(of_no_private_note::<E>(Condition::all()))
}
