//! Taking an account that somebody was invited to: by a link on paper, or by the one that was mailed, which proves the
//! address.

use actix_web::post;
use entity::values::UserState;
use entity::{invitation, user};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, EntityTrait, NotSet, QueryFilter, Set};

use super::addresses::free_for;
use crate::foundation::state::passwords::Guest;
use crate::foundation::unscoped;
use crate::kit::write::event::{Author, write_events};
use crate::kit::{Call, Code, Event, Json, Problem, Result, Routes, Whole, verb};
use crate::people::auth::dto::{InvitationAcceptance, Tokens};
use crate::people::auth::place::Place;
use crate::people::auth::sessions;
use crate::people::auth::store::token_hash;

pub(super) fn routes(api: &mut Routes) {
    api.service(accept_invitation);
}

/// Accept an invitation
///
/// Activates the invited account with the password chosen, and signs in. An invitation works once.
/// From now on the address is this account's alone: 409 when it is another's. The link that was mailed proves whose it
/// is: an account elsewhere that is disabled, or never was proven, gives it up.
#[utoipa::path(
    tag = "Identity",
    // The invitation is the identity, and a wrong one is 422.
    extensions(("x-never" = json!([401])), ("x-also" = json!([409]))),
    security(()),
    responses((status = 200, description = "Tokens of a first session", body = Tokens))
)]
#[post("/v1/auth/invitations/accept")]
async fn accept_invitation(
    call: Call,
    place: Place,
    body: Json<InvitationAcceptance>,
) -> Result<Whole<Tokens>> {
    let Json(accepted) = body;
    let refused = || Problem::new(Code::InvitationInvalid);
    let (invitation, invited) = find_invitation(&call, &accepted.token)
        .await?
        .ok_or_else(refused)?;
    let known = [&*invited.email, &*invited.given_name, &*invited.family_name];
    let (passwords, guest) = (&call.state.passwords, Guest::Stranger(call.address));
    let hash = passwords
        .choose(guest, "/password", accepted.password, known)
        .await?;
    let user = activate(&call, &invitation, &invited, &accepted.token, hash)
        .await?
        .ok_or_else(refused)?;
    Ok(Whole(sessions::open(&call, &user, place).await?))
}

async fn find_invitation(
    call: &Call,
    token: &str,
) -> Result<Option<(invitation::Model, user::Model)>> {
    let db = call.state.db.reader();
    let hash = token_hash(token);
    let either = Condition::any()
        .add(invitation::Column::TokenHash.eq(&hash))
        .add(invitation::Column::MailTokenHash.eq(&hash));
    let invitation = unscoped::rows::<invitation::Entity>()
        .filter(either)
        .filter(invitation::Column::ExpiresAt.gt(call.now))
        .one(db)
        .await?;
    let Some(invitation) = invitation else {
        return Ok(None);
    };
    let user = unscoped::row::<user::Entity>(invitation.user_id)
        .one(db)
        .await?;
    Ok(user.map(|user| (invitation, user)))
}

/// Uses an invitation up: the account is active, with this password, and the address theirs. Nothing,
/// when somebody was faster. Whoever came by the link that was mailed has proven the address.
///
/// # Errors
/// 409 when the address is another account's, and not given up to whoever proves it.
async fn activate(
    call: &Call,
    invitation: &invitation::Model,
    invited: &user::Model,
    token: &str,
    password_hash: String,
) -> Result<Option<user::Model>> {
    let txn = call.state.db.begin().await?;
    let is_proven = invitation.mail_token_hash.as_deref() == Some(&token_hash(token));
    let former = match is_proven {
        true => free_for(&txn, call, invited.id, &invited.email).await?,
        false => None,
    };
    // The user first, as inviting and disabling lock them too.
    let activated = user::Entity::update_many()
        .set(user::ActiveModel {
            state: Set(UserState::Active),
            password_hash: Set(Some(password_hash)),
            email_confirmed_at: match is_proven {
                true => Set(Some(call.now)),
                false => NotSet,
            },
            version: Set(invited.version + 1),
            updated_at: Set(call.now),
            ..Default::default()
        })
        .filter(user::Column::Id.eq(invited.id))
        .filter(user::Column::Version.eq(invited.version))
        .filter(user::Column::State.eq(UserState::Invited))
        .exec_with_returning(&txn)
        .await
        .map_err(|error| Problem::from(error).renamed(Code::Conflict, Code::EmailTaken))?;
    let used = invitation::Entity::delete_by_id(invitation.id)
        .exec(&txn)
        .await?;
    let activated = activated
        .into_iter()
        .next()
        .filter(|_| used.rows_affected == 1);
    let Some(user) = activated else {
        return Ok(None);
    };
    let author = Author {
        id: Some(user.id),
        role: user.role.to_string(),
    };
    let event = Event::new(&user, verb::Activated);
    write_events(&txn, vec![event], call.now, &author, &call.request_id).await?;
    txn.commit().await?;
    call.state.bell.ring(user.organization_id);
    if former.is_some() {
        call.state.bell.ring(former);
    }
    Ok(Some(user))
}
