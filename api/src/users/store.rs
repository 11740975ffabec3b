//! Which users a caller reaches.

use entity::user;
use entity::values::Role;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::Condition;

use super::rules::roles_managed_by;
use crate::kit::Ctx;
use crate::kit::Scoped;
use crate::kit::scope::in_organization;
use crate::policy::Reach;

impl Scoped for user::Entity {
    fn scope(ctx: &Ctx) -> Condition {
        let myself = user::Column::Id.eq(ctx.actor.id);
        match ctx.permit.reach {
            Reach::Own => Condition::all().add(myself),
            Reach::Organization => {
                let mut reached = in_organization::<Self>(ctx);
                if !ctx.permit.action.is_read() || ctx.actor.role == Role::Integration {
                    reached = reached.add(managed(ctx));
                }
                reached
            }
            Reach::Everything => managed(ctx),
            _ => crate::kit::scope::nowhere(),
        }
    }
}

fn managed(ctx: &Ctx) -> Condition {
    let roles = roles_managed_by(ctx.actor.role).iter().copied();
    Condition::all().add(user::Column::Role.is_in(roles))
}
