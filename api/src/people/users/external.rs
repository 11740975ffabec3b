//! Users by the names that other systems give to them.

use actix_web::{get, put};
use entity::user;

use super::dto::{User, UserEdit, UserInput};
use super::routes::{changed, created};
use super::{rules, store};
use crate::kit::external_references::{
    Claimed, ExternalName, NameInAddress, claim_for, find, given_once,
};
use crate::kit::{
    Code, Ctx, Edited, FaultCode, MergePatch, Problem, Put, PutCondition, Result, Routes, Tagged,
};

pub(super) fn routes(api: &mut Routes) {
    api.service(get_user_by_external_id).service(upsert_user);
}

/// Get a user by another system's id
///
/// The person whom the other system calls so. Nobody is found by tutors, who do not see such names.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("users.read"))),
    params(NameInAddress),
    responses((status = 200, description = "The user", body = User))
)]
#[get("/v1/users/external/{system}/{external_id}")]
async fn get_user_by_external_id(ctx: Ctx, name: ExternalName) -> Result<Tagged<User>> {
    if !store::sees_names(ctx.actor.role) {
        return Err(Problem::new(Code::NotFound));
    }
    let (row, names) = find::<user::Entity>(&ctx, &name).await?;
    let user = User::seen_by(ctx.actor.role, row.clone(), names);
    Ok(Tagged::with(&row, user))
}

/// Create or change a user by another system's id
///
/// Creates or changes the user to whom another system gave this id.
/// Safe to send again: what changes nothing leaves the version as it is. Makes an account to be invited
/// where none has this name, which needs the fields that `POST` needs. Fields that are absent stay as
/// they are, `null` erases; names in `external_references` are added to those there are. The role stays
/// (409 for another one), and so does the address of an active account when a program asks (422).
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("users.upsert"))),
    params(NameInAddress, PutCondition),
    request_body(content = UserInput, content_type = "application/json"),
    responses(
        (status = 200, description = "The user, changed or as it was", body = User),
        (status = 201, description = "The user, new", body = User)
    )
)]
#[put("/v1/users/external/{system}/{external_id}")]
async fn upsert_user(
    ctx: Ctx,
    name: ExternalName,
    condition: PutCondition,
    mut body: MergePatch<UserInput>,
) -> Result<Put<User>> {
    let tx = ctx.begin().await?;
    let claimed = claim_for::<user::Entity, _>(&tx, &name, &condition, &mut body).await?;
    Ok(match claimed {
        Claimed::New(id) => {
            let new = body.whole()?;
            rules::may_give(tx.actor.role, new.role)?;
            Put::New(created(tx, id, new).await?)
        }
        Claimed::Known(row, names) => {
            let edit = put_over(&row, body.apply(&UserInput::of(&row, names))?)?;
            Put::Known(changed(tx, &row, edit).await?)
        }
    })
}

/// What is put over an account that is there: its role was given once.
///
/// # Errors
/// 409 when the account of this name has another role; 422 for an organization.
fn put_over(row: &user::Model, edit: Edited<UserInput>) -> Result<Edited<UserEdit>> {
    if edit.value.organization_id.is_some() {
        return Err(Problem::fault("/organization_id", FaultCode::NotAllowed));
    }
    let edit = edit.adjust(|new| new.over(row))?;
    given_once(&edit.changed, &["role"])?;
    Ok(edit.map(|new| new.into_edit(row)))
}
