//! §08 and §09: appointments, action sheets, their items and what was said of them, the bilan.

use entity::{action_sheet, appointment, completed_action, sheet_answer, sheet_item};

use crate::kit::BookletPage;
use crate::outside::exports::dataset::Exported;

impl Exported for appointment::Entity {
    const NAME: &'static str = "appointments";
    const ABOUT: &'static str = "An appointment.";
    const SCHEMA: Option<&'static str> = Some("Appointment");
    const CHANGED: Option<Self::Column> = Some(appointment::Column::UpdatedAt);
    const BEFORE_KEY: Option<Self::Column> = Some(appointment::Column::CreatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use appointment::Column::*;
        &[
            Id, BookletId, StartsAt, EndsAt, Timezone, Kind, Mode, Place, State, PlanStepId,
            Sequence, Version, CreatedAt, UpdatedAt,
        ]
    };
}

impl Exported for action_sheet::Entity {
    const NAME: &'static str = "action_sheets";
    const ABOUT: &'static str =
        "An action sheet (§08). `locked_items` are its items as they were when it was locked.";
    const SCHEMA: Option<&'static str> = Some("ActionSheet");
    const CHANGED: Option<Self::Column> = Some(action_sheet::Column::UpdatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use action_sheet::Column::*;
        &[
            Id,
            BookletId,
            Number,
            AppointmentOn,
            AppointmentId,
            TargetedObjectives,
            AchievedObjectives,
            TargetedObjectiveIds,
            AchievedObjectiveIds,
            Difficulties,
            Successes,
            Remarks,
            Summary,
            NextAppointmentOn,
            State,
            SubmittedBy,
            ValidatedByCandidateAt,
            ValidatedByTutorAt,
            OnBehalf,
            LockedItems,
            Version,
            CreatedAt,
            UpdatedAt,
        ]
    };
}

impl Exported for sheet_item::Entity {
    const NAME: &'static str = "sheet_items";
    const ABOUT: &'static str = "Something to produce, a contact to make or a task (§08).";
    const SCHEMA: Option<&'static str> = Some("SheetItem");
    const CHANGED: Option<Self::Column> = Some(sheet_item::Column::UpdatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use sheet_item::Column::*;
        &[
            Id,
            BookletId,
            Kind,
            Label,
            Owner,
            DueOn,
            State,
            RaisedIn,
            RaisedNumber,
            SettledIn,
            SettledOn,
            DroppedReason,
            VarianceReason,
            UsefulAddressId,
            Version,
            CreatedAt,
            UpdatedAt,
        ]
    };
}

impl Exported for sheet_answer::Entity {
    const NAME: &'static str = "sheet_answers";
    const ABOUT: &'static str =
        "What the sheet `sheet_id` said of the item `item_id` that came to it.";
    const SCHEMA: Option<&'static str> = None;
    const CHANGED: Option<Self::Column> = None;
    const COLUMNS: &'static [Self::Column] = {
        use sheet_answer::Column::*;
        &[Id, BookletId, SheetId, ItemId, Answer, Reason]
    };
}

impl BookletPage for sheet_answer::Entity {}

impl Exported for completed_action::Entity {
    const NAME: &'static str = "completed_actions";
    const ABOUT: &'static str = "Something done (§09).";
    const SCHEMA: Option<&'static str> = Some("CompletedAction");
    const CHANGED: Option<Self::Column> = Some(completed_action::Column::UpdatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use completed_action::Column::*;
        &[
            Id,
            BookletId,
            DoneOn,
            Description,
            Source,
            SheetItemId,
            AuthorId,
            Version,
            CreatedAt,
            UpdatedAt,
        ]
    };
}
