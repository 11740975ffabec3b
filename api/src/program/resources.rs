//! The only list of resources.

use actix_web::App;
use utoipa_actix_web::AppExt;

use crate::booklet::{
    action_sheets, appointments, booklets, completed_actions, contracts, follow_ups, full, members,
    milestones, notes, objectives, personal_contacts, plan, plan_steps, pledges, search,
    sheet_items, stages, to_do,
};
use crate::kit::Routes;
use crate::outside::{changes, data_inclusion, exports, imports, news, webhooks};
use crate::people::{
    account, api_keys, auth, candidates, identity_providers, mail, organizations, service_accounts,
    sessions, users,
};
use crate::program::{labels, problems};
use crate::reference::{contract_templates, plan_templates, useful_addresses, vae_stages};
use crate::trust::{accesses, audit, break_glass};

/// The resources, in the order of the booklet. The order matters where a fixed path and a
/// variable one overlap.
pub(crate) fn resources(api: &mut Routes) {
    api.configure(auth::routes::routes)
        .configure(sessions::routes::routes)
        .configure(account::routes::routes)
        .configure(organizations::routes::routes)
        .configure(users::routes::routes)
        .configure(mail::routes::routes)
        .configure(service_accounts::routes::routes)
        .configure(api_keys::routes::routes)
        .configure(identity_providers::routes::routes)
        .configure(webhooks::routes::routes)
        .configure(candidates::routes::routes)
        .configure(booklets::routes::routes)
        .configure(members::routes::routes)
        .configure(milestones::routes::routes)
        .configure(to_do::routes::routes)
        .configure(search::routes::routes)
        .configure(full::routes::routes)
        .configure(audit::routes::routes)
        .configure(changes::routes::routes)
        .configure(news::routes::routes)
        .configure(break_glass::routes::routes)
        .configure(accesses::routes::routes)
        .configure(contract_templates::routes::routes)
        .configure(pledges::routes::routes)
        .configure(contracts::routes::routes)
        .configure(objectives::routes::routes)
        .configure(plan_templates::routes::routes)
        .configure(plan::routes::routes)
        .configure(plan_steps::routes::routes)
        .configure(vae_stages::routes::routes)
        .configure(stages::routes::routes)
        .configure(useful_addresses::routes::routes)
        .configure(data_inclusion::routes::routes)
        .configure(personal_contacts::routes::routes)
        .configure(imports::routes::routes)
        .configure(appointments::routes::routes)
        .configure(action_sheets::routes::routes)
        .configure(sheet_items::routes::routes)
        .configure(completed_actions::routes::routes)
        .configure(follow_ups::routes::routes)
        .configure(notes::routes::routes)
        .configure(exports::routes::routes)
        .configure(labels::routes::routes)
        .configure(problems::routes::routes);
}

/// The API document's description of all resources, before the shared answers are added.
pub(crate) fn described(info: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    App::new()
        .into_utoipa_app()
        .openapi(info)
        .configure(|config| resources(&mut Routes::described(config)))
        .split_for_parts()
        .1
}
