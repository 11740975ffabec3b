//! All that an organization takes away, in the order of the booklet, and what stays, with the reason.

mod contacts;
mod contracts;
mod people;
mod plan;
mod sheets;
mod trails;

use entity::{
    access_entry, action_sheet, appointment, booklet, booklet_member, break_glass, candidate,
    completed_action, contract, contract_template, event, external_reference, follow_up,
    identity_provider, note, objective, organization, personal_contact, plan_step, plan_template,
    pledge, service_account, sheet_answer, sheet_item, signature, stage_progress, useful_address,
    user, vae_stage,
};

use super::dataset::Dataset;

/// The tables. Those that rows of others refer to come before them, as far as that goes.
pub(super) const DATASETS: [Dataset; 30] = [
    Dataset::of::<organization::Entity>(),
    Dataset::of::<user::Entity>(),
    Dataset::of::<service_account::Entity>(),
    Dataset::of::<identity_provider::Entity>(),
    Dataset::of::<candidate::Entity>(),
    Dataset::of::<external_reference::Entity>(),
    Dataset::of::<booklet::Entity>(),
    Dataset::of::<booklet_member::Entity>(),
    Dataset::of::<break_glass::Entity>(),
    Dataset::of::<contract_template::Entity>(),
    Dataset::of::<pledge::Entity>(),
    Dataset::of::<contract::Entity>(),
    Dataset::of::<signature::Entity>(),
    Dataset::of::<objective::Entity>(),
    Dataset::of::<plan_template::Entity>(),
    Dataset::of::<entity::plan::Entity>(),
    Dataset::of::<plan_step::Entity>(),
    Dataset::of::<vae_stage::Entity>(),
    Dataset::of::<stage_progress::Entity>(),
    Dataset::of::<useful_address::Entity>(),
    Dataset::of::<personal_contact::Entity>(),
    Dataset::of::<appointment::Entity>(),
    Dataset::of::<action_sheet::Entity>(),
    Dataset::of::<sheet_item::Entity>(),
    Dataset::of::<sheet_answer::Entity>(),
    Dataset::of::<completed_action::Entity>(),
    Dataset::of::<follow_up::Entity>(),
    Dataset::of::<note::Entity>(),
    Dataset::of::<event::Entity>(),
    Dataset::of::<access_entry::Entity>(),
];

/// The tables that do not leave.
pub(in crate::outside::exports) const KEPT: [(&str, &str); 18] = [
    (
        "account_tokens",
        "links that open an account, hashed and short-lived",
    ),
    (
        "api_keys",
        "what opens this service, hashed; whose they are is in service_accounts",
    ),
    (
        "audit_links",
        "made with this service's keys, which alone verify them",
    ),
    (
        "gram_places",
        "numbers from 1 to 100, by which names are looked through",
    ),
    (
        "idempotency_keys",
        "answers kept for a day, in case a request comes again",
    ),
    (
        "feeds",
        "how far the change feed is numbered; the changes themselves are in events",
    ),
    (
        "import_faults",
        "what was wrong with files that were sent in; what they made is in the tables",
    ),
    (
        "import_rows",
        "rows of files under way, forgotten when the import is over",
    ),
    (
        "imports",
        "how files went in; what they made is in the tables, and who did it in events",
    ),
    (
        "invitations",
        "links that open an account, hashed and short-lived",
    ),
    (
        "mails",
        "what waits to be sent holds links that open accounts; whether it left concerns this service alone",
    ),
    (
        "merged_candidates",
        "where the ids of candidates lead who were merged; that they were is in events",
    ),
    (
        "name_grams",
        "letters of names that people are found by; the names are in candidates and users",
    ),
    (
        "revoked_tokens",
        "tokens that nobody accepts after some minutes anyway",
    ),
    ("sessions", "where people are signed in to this service"),
    (
        "sign_in_limits",
        "counts of this service's own, of no organization",
    ),
    (
        "webhook_deliveries",
        "what endpoints were told, forgotten after a month; what happened is in events",
    ),
    (
        "webhooks",
        "whom this service calls, with secrets made from its keys; another service has its own",
    ),
];
