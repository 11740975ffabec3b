//! Which service accounts a caller reaches.

use entity::service_account;
use sea_orm::sea_query::Condition;

use crate::kit::scope::{in_organization, nowhere};
use crate::kit::{Ctx, Scoped};
use crate::policy::Reach;

impl Scoped for service_account::Entity {
    fn scope(ctx: &Ctx) -> Condition {
        match ctx.permit.reach {
            Reach::Everything => Condition::all(),
            Reach::Organization => in_organization::<Self>(ctx),
            _ => nowhere(),
        }
    }
}
