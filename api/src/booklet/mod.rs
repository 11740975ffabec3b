//! The booklet, page by page as the paper has it (§01 to §11), and what is read across its pages.

pub(crate) mod action_sheets;
pub(crate) mod appointments;
pub(crate) mod booklets;
pub(crate) mod completed_actions;
pub(crate) mod contracts;
pub(crate) mod follow_ups;
pub(crate) mod full;
pub(crate) mod members;
pub(crate) mod milestones;
pub(crate) mod notes;
pub(crate) mod objectives;
pub(crate) mod personal_contacts;
pub(crate) mod plan;
pub(crate) mod plan_steps;
pub(crate) mod pledges;
pub(crate) mod search;
pub(crate) mod sheet_items;
pub(crate) mod stages;
pub(crate) mod to_do;
