//! What travels about appointments.

use chrono::{DateTime, SubsecRound, Utc};
use entity::appointment;
use entity::values::{AppointmentKind, AppointmentMode, AppointmentState};
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::booklet::booklets::dto::Booklet;
use crate::kit::{Included, Meta, Several};
use crate::people::organizations;

/// A rendez-vous of candidate and tutor.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Appointment {
    #[serde(flatten)]
    meta: Meta,
    /// The booklet it belongs to.
    booklet_id: Uuid,
    /// Début (UTC).
    starts_at: DateTime<Utc>,
    /// Fin (UTC).
    ends_at: DateTime<Utc>,
    /// Time zone of the place (IANA), to show the instants in.
    #[schema(example = "Europe/Paris")]
    timezone: String,
    /// What for.
    kind: AppointmentKind,
    /// How people meet.
    mode: AppointmentMode,
    /// Lieu: a room, a number, a link.
    place: Option<String>,
    /// What became of it.
    state: AppointmentState,
    /// The step of the plan that it serves (§05).
    plan_step_id: Option<Uuid>,
    /// Rises when time, place or mode change and when it is cancelled: SEQUENCE of a calendar's
    /// VEVENT (RFC 5545).
    #[schema(minimum = 0, example = 0)]
    sequence: i32,
    /// The booklet; with `include=booklet`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Option<Booklet>, no_recursion)]
    pub(super) booklet: Included<Booklet>,
}

impl From<appointment::Model> for Appointment {
    fn from(row: appointment::Model) -> Self {
        Self {
            meta: (&row).into(),
            booklet: None,
            booklet_id: row.booklet_id,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            timezone: row.timezone,
            kind: row.kind,
            mode: row.mode,
            place: row.place,
            state: row.state,
            plan_step_id: row.plan_step_id,
            sequence: row.sequence,
        }
    }
}

/// What is agreed about an appointment.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"starts_at": "2026-12-03T09:00:00+01:00", "ends_at": "2026-12-03T10:30:00+01:00", "kind": "interview", "mode": "on_site", "place": "Salle 2, 12 rue des Lilas, Montpellier"}))]
pub(crate) struct AppointmentInput {
    /// Début, with its offset from UTC.
    pub(super) starts_at: DateTime<Utc>,
    /// Fin, after the start.
    pub(super) ends_at: DateTime<Utc>,
    /// Time zone of the place (IANA). Default: the organization's.
    #[serde(default)]
    #[validate(custom(function = "organizations::rules::timezone"))]
    #[schema(max_length = 64, example = "Europe/Paris")]
    pub(super) timezone: Option<String>,
    /// What for.
    kind: AppointmentKind,
    /// How people meet.
    pub(super) mode: AppointmentMode,
    /// Lieu: a room, a number, a link.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub(super) place: Option<String>,
    /// What became of it. Default: `planned`.
    #[serde(default = "planned")]
    pub(super) state: AppointmentState,
    /// The step of the plan that it serves, of the same booklet.
    #[serde(default)]
    pub(super) plan_step_id: Option<Uuid>,
}

fn planned() -> AppointmentState {
    AppointmentState::Planned
}

impl AppointmentInput {
    /// The same to the microsecond, its time zone being the organization's when none is named.
    pub(super) fn settled(self, timezone: chrono_tz::Tz) -> Self {
        Self {
            starts_at: self.starts_at.trunc_subsecs(6),
            ends_at: self.ends_at.trunc_subsecs(6),
            timezone: self.timezone.or_else(|| Some(timezone.name().to_owned())),
            ..self
        }
    }

    /// The time zone of a settled one.
    pub(super) fn zone(&self) -> &str {
        self.timezone.as_deref().unwrap_or_default()
    }

    /// The row's fields.
    pub(super) fn row(self, timezone: chrono_tz::Tz) -> appointment::ActiveModel {
        let settled = self.settled(timezone);
        appointment::ActiveModel {
            starts_at: Set(settled.starts_at),
            ends_at: Set(settled.ends_at),
            timezone: Set(settled.timezone.unwrap_or_default()),
            kind: Set(settled.kind),
            mode: Set(settled.mode),
            place: Set(settled.place),
            state: Set(settled.state),
            plan_step_id: Set(settled.plan_step_id),
            ..Default::default()
        }
    }
}

impl From<&appointment::Model> for AppointmentInput {
    fn from(row: &appointment::Model) -> Self {
        Self {
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            timezone: Some(row.timezone.clone()),
            kind: row.kind,
            mode: row.mode,
            place: row.place.clone(),
            state: row.state,
            plan_step_id: row.plan_step_id,
        }
    }
}

/// Whose appointments.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AgendaFilter {
    /// Only those of booklets whose main tutor is one of these users, with commas between.
    #[param(value_type = Option<Vec<Uuid>>, style = Form, explode = false,
        min_items = 1, max_items = 50)]
    pub(super) tutor_id: Option<Several<Uuid>>,
}

/// Which appointments.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AppointmentFilter {
    /// Only those that start at this instant or later (RFC 3339).
    pub(super) from: Option<DateTime<Utc>>,
    /// Only those that start at this instant or earlier (RFC 3339).
    pub(super) to: Option<DateTime<Utc>>,
    /// Only those in one of these states, with commas between.
    #[param(value_type = Option<Vec<AppointmentState>>, inline, style = Form, explode = false,
        min_items = 1, max_items = 5, example = json!(["planned"]))]
    pub(super) state: Option<Several<AppointmentState>>,
}
