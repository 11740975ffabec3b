//! Webhooks (Standard Webhooks): endpoints of other systems that are told of changes, what is
//! delivered to them, and a trial of their receivers. See ADR 17.

mod actions;
mod conformance;
mod deliveries;
pub mod dispatch;
mod dto;
mod message;
pub(crate) mod routes;
mod rules;
mod secret;
mod store;
mod topics;

pub(crate) use self::deliveries::store::forget_old;
pub(crate) use self::message::{WebhookMessage, WebhookTest};
