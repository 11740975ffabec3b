//! §01 to §03: booklets, who accompanies them, contracts, and the texts that these are made of.

use entity::{
    booklet, booklet_member, break_glass, contract, contract_template, pledge, signature,
};

use crate::booklet::booklets::rules::effective_state as booklet_state;
use crate::booklet::contracts::rules::effective_state as contract_state;
use crate::kit::Ctx;
use crate::outside::exports::dataset::Exported;

impl Exported for booklet::Entity {
    const NAME: &'static str = "booklets";
    const ABOUT: &'static str = "A booklet.";
    const SCHEMA: Option<&'static str> = Some("Booklet");
    const CHANGED: Option<Self::Column> = Some(booklet::Column::UpdatedAt);
    const BEFORE_KEY: Option<Self::Column> = Some(booklet::Column::CreatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use booklet::Column::*;
        &[
            Id,
            CandidateId,
            TutorId,
            PrescriberId,
            ValidatorId,
            Purpose,
            Certification,
            State,
            SuspensionReason,
            ReopeningReason,
            OpenedOn,
            TargetClosingOn,
            ClosedOn,
            ClosedAt,
            ClosureReason,
            Outcome,
            ArchivedAt,
            Version,
            CreatedAt,
            UpdatedAt,
        ]
    };

    fn shown(mut row: booklet::Model, ctx: &Ctx) -> booklet::Model {
        row.state = booklet_state(&row, ctx.today);
        row
    }
}

impl Exported for booklet_member::Entity {
    const NAME: &'static str = "booklet_members";
    const ABOUT: &'static str = "Somebody who accompanies a booklet, and from when to when.";
    const SCHEMA: Option<&'static str> = Some("BookletMember");
    const CHANGED: Option<Self::Column> = Some(booklet_member::Column::UpdatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use booklet_member::Column::*;
        &[
            Id, BookletId, UserId, Kind, StartsOn, EndsOn, Version, CreatedAt, UpdatedAt,
        ]
    };
}

impl Exported for break_glass::Entity {
    const NAME: &'static str = "break_glass";
    const ABOUT: &'static str =
        "A booklet that was opened to an administrator of the platform, and why.";
    const SCHEMA: Option<&'static str> = Some("BreakGlass");
    const CHANGED: Option<Self::Column> = Some(break_glass::Column::UpdatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use break_glass::Column::*;
        &[
            Id, BookletId, AdminId, AdminName, Reason, ExpiresAt, EndedAt, EndedBy, Version,
            CreatedAt, UpdatedAt,
        ]
    };
}

impl Exported for contract_template::Entity {
    const NAME: &'static str = "contract_templates";
    const ABOUT: &'static str =
        "A text that contracts are copied from; shared by all when `organization_id` is empty.";
    const SCHEMA: Option<&'static str> = Some("ContractTemplate");
    const CHANGED: Option<Self::Column> = Some(contract_template::Column::UpdatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use contract_template::Column::*;
        &[
            Id,
            OrganizationId,
            Name,
            Preamble,
            CandidateCommitments,
            TutorCommitments,
            Version,
            CreatedAt,
            UpdatedAt,
        ]
    };
}

impl Exported for pledge::Entity {
    const NAME: &'static str = "pledges";
    const ABOUT: &'static str = "A pledge (§03); shared by all when `organization_id` is empty.";
    const SCHEMA: Option<&'static str> = Some("Pledge");
    const CHANGED: Option<Self::Column> = Some(pledge::Column::UpdatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use pledge::Column::*;
        &[
            Id,
            OrganizationId,
            Name,
            Body,
            Version,
            CreatedAt,
            UpdatedAt,
        ]
    };
}

impl Exported for contract::Entity {
    const NAME: &'static str = "contracts";
    const ABOUT: &'static str = "A contract (§02).";
    const SCHEMA: Option<&'static str> = Some("Contract");
    const CHANGED: Option<Self::Column> = Some(contract::Column::UpdatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use contract::Column::*;
        &[
            Id,
            BookletId,
            Number,
            SupersedesId,
            State,
            Preamble,
            CandidateCommitments,
            TutorCommitments,
            Pledge,
            StartsOn,
            EndsOn,
            ContentSha256,
            CandidateName,
            TutorName,
            OrganizationName,
            TutorId,
            ProposedAt,
            TerminatedOn,
            TerminatedAt,
            TerminationReason,
            Version,
            CreatedAt,
            UpdatedAt,
        ]
    };

    fn shown(mut row: contract::Model, ctx: &Ctx) -> contract::Model {
        row.state = contract_state(&row, ctx.today);
        row
    }
}

impl Exported for signature::Entity {
    const NAME: &'static str = "signatures";
    const ABOUT: &'static str =
        "A party's signature of a contract. It never changes: `updated_since` goes by `signed_at`.";
    const SCHEMA: Option<&'static str> = Some("Signature");
    const CHANGED: Option<Self::Column> = Some(signature::Column::SignedAt);
    const COLUMNS: &'static [Self::Column] = {
        use signature::Column::*;
        &[
            Id,
            BookletId,
            ContractId,
            Party,
            SignerId,
            RecordedBy,
            SignerName,
            Place,
            SignedOn,
            SignedAt,
            Method,
            ContentSha256,
        ]
    };
}
