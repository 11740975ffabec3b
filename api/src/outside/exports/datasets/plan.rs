//! §04 to §07: objectives, the plan, the stages, addresses.

use entity::values::PlanTemplateRows;
use entity::{
    objective, personal_contact, plan, plan_step, plan_template, stage_progress, useful_address,
    vae_stage,
};

use crate::kit::Ctx;
use crate::outside::exports::dataset::Exported;
use crate::reference::plan_templates::dto::numbered;

impl Exported for objective::Entity {
    const NAME: &'static str = "objectives";
    const ABOUT: &'static str = "An objective of a candidate (§04).";
    const SCHEMA: Option<&'static str> = Some("Objective");
    const CHANGED: Option<Self::Column> = Some(objective::Column::UpdatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use objective::Column::*;
        &[
            Id, BookletId, Kind, Statement, DueOn, State, AchievedOn, Position, Version, CreatedAt,
            UpdatedAt,
        ]
    };
}

impl Exported for plan_template::Entity {
    const NAME: &'static str = "plan_templates";
    const ABOUT: &'static str =
        "A plan to start from; shared by all when `organization_id` is empty.";
    const SCHEMA: Option<&'static str> = Some("PlanTemplate");
    const CHANGED: Option<Self::Column> = Some(plan_template::Column::UpdatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use plan_template::Column::*;
        &[
            Id,
            OrganizationId,
            Name,
            Rows,
            Version,
            CreatedAt,
            UpdatedAt,
        ]
    };

    fn shown(mut row: plan_template::Model, _: &Ctx) -> plan_template::Model {
        row.rows = PlanTemplateRows(numbered(row.rows.0));
        row
    }
}

impl Exported for plan::Entity {
    const NAME: &'static str = "plans";
    const ABOUT: &'static str = "The plan of a booklet (§05), and who agreed to it.";
    const SCHEMA: Option<&'static str> = Some("Plan");
    const CHANGED: Option<Self::Column> = Some(plan::Column::UpdatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use plan::Column::*;
        &[
            Id,
            BookletId,
            State,
            ProposedBy,
            AgreedByCandidateAt,
            AgreedByTutorAt,
            OnBehalf,
            SourceTemplateId,
            Version,
            CreatedAt,
            UpdatedAt,
        ]
    };
}

impl Exported for plan_step::Entity {
    const NAME: &'static str = "plan_steps";
    const ABOUT: &'static str = "A step of a plan (§05).";
    const SCHEMA: Option<&'static str> = Some("PlanStep");
    const CHANGED: Option<Self::Column> = Some(plan_step::Column::UpdatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use plan_step::Column::*;
        &[
            Id,
            BookletId,
            Position,
            Objective,
            Label,
            Activity,
            Grouping,
            DurationMinutes,
            PlannedFrom,
            PlannedTo,
            DoneOn,
            State,
            VarianceReason,
            VaeStage,
            Version,
            CreatedAt,
            UpdatedAt,
        ]
    };
}

impl Exported for vae_stage::Entity {
    const NAME: &'static str = "vae_stages";
    const ABOUT: &'static str = "A stage of the VAE (§06), the same for all organizations.";
    const SCHEMA: Option<&'static str> = Some("VaeStage");
    const CHANGED: Option<Self::Column> = Some(vae_stage::Column::UpdatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use vae_stage::Column::*;
        &[
            Id,
            Code,
            Position,
            Label,
            Description,
            Outputs,
            Sources,
            Version,
            CreatedAt,
            UpdatedAt,
        ]
    };
}

impl Exported for stage_progress::Entity {
    const NAME: &'static str = "stages";
    const ABOUT: &'static str = "How far a booklet has come on one stage (§06).";
    const SCHEMA: Option<&'static str> = Some("Stage");
    const CHANGED: Option<Self::Column> = Some(stage_progress::Column::UpdatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use stage_progress::Column::*;
        &[
            Id,
            BookletId,
            Code,
            State,
            StartedOn,
            CompletedOn,
            Comment,
            Version,
            CreatedAt,
            UpdatedAt,
        ]
    };
}

impl Exported for useful_address::Entity {
    const NAME: &'static str = "useful_addresses";
    const ABOUT: &'static str =
        "A useful address (§07); shared by all when `organization_id` is empty.";
    const SCHEMA: Option<&'static str> = Some("UsefulAddress");
    const CHANGED: Option<Self::Column> = Some(useful_address::Column::UpdatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use useful_address::Column::*;
        &[
            Id,
            OrganizationId,
            Category,
            Name,
            Missions,
            Phone,
            Email,
            Urls,
            PostalAddress,
            DepartmentCodes,
            VerifiedOn,
            Version,
            CreatedAt,
            UpdatedAt,
        ]
    };
}

impl Exported for personal_contact::Entity {
    const NAME: &'static str = "personal_contacts";
    const ABOUT: &'static str = "A candidate's own contact at a body (§07).";
    const SCHEMA: Option<&'static str> = Some("PersonalContact");
    const CHANGED: Option<Self::Column> = Some(personal_contact::Column::UpdatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use personal_contact::Column::*;
        &[
            Id,
            BookletId,
            Category,
            UsefulAddressId,
            Name,
            Function,
            Phone,
            Email,
            Comment,
            IsMain,
            Version,
            CreatedAt,
            UpdatedAt,
        ]
    };
}
