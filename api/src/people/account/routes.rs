//! One's own account over HTTP.

use actix_web::post;
use entity::user;
use entity::values::{MailKind, TokenPurpose, UserState};

use super::dto::{
    EmailChange, EmailConfirmation, ForgottenPassword, PasswordChange, PasswordReset,
};
use super::{links, reset, store};
use crate::foundation::state::passwords::Guest;
use crate::kit::{Call, Code, Ctx, FaultCode, Json, NoContent, Problem, Result, Routes};
use crate::people::auth::attempts::Attempt;
use crate::people::auth::store::find_user_by_id;
use crate::people::mail::outbox;

pub(crate) fn routes(api: &mut Routes) {
    api.service(request_password_reset)
        .service(reset_password)
        .service(change_my_password)
        .service(change_my_email)
        .service(confirm_email)
        .configure(super::invitations::routes);
}

/// Ask for a new password
///
/// Asks for a link to choose a new password by.
/// Sends a link to the address, when an active account has it. The answer is the same, and takes the same
/// time, when none has. The link works once, for an hour, and voids the earlier one; within a minute
/// no second one is sent.
#[utoipa::path(
    tag = "Identity",
    // A link or nothing is the identity here.
    extensions(("x-never" = json!([401]))),
    security(()),
    responses((status = 204, description = "Whoever has this address gets a mail"))
)]
#[post("/v1/auth/password-reset")]
async fn request_password_reset(call: Call, body: Json<ForgottenPassword>) -> Result<NoContent> {
    call.state.mailer.demand()?;
    let email = body.email.to_ascii_lowercase();
    // Counted like a failure to log in, under a name of its own: nobody's mailbox is flooded.
    Attempt::begin(&call, &format!("forgotten {email}")).await?;
    let until = call.now + reset::LIFETIME;
    outbox::request(&call, MailKind::PasswordReset, &email, until).await?;
    Ok(NoContent)
}

/// Choose a new password
///
/// Sets a new password for an account whose password was forgotten.
/// With the token of the link that was sent. Ends all sessions of the account, and voids its other
/// links. Log in next.
#[utoipa::path(
    tag = "Identity",
    // A link or nothing is the identity here.
    extensions(("x-never" = json!([401]))),
    security(()),
    responses((status = 204, description = "The password is the new one"))
)]
#[post("/v1/auth/password-reset/confirm")]
async fn reset_password(call: Call, body: Json<PasswordReset>) -> Result<NoContent> {
    let Json(chosen) = body;
    let purpose = TokenPurpose::PasswordReset;
    let link = links::find(call.state.db.reader(), purpose, &chosen.token, call.now).await?;
    let user = find_user_by_id(&call, link.user_id).await?;
    let user = user.filter(|user| user.state == UserState::Active);
    let user = user.ok_or(Problem::new(Code::LinkInvalid))?;
    let (passwords, guest) = (&call.state.passwords, Guest::Stranger(call.address));
    let hash = passwords
        .choose(guest, "/password", chosen.password, known(&user))
        .await?;
    store::reset_password(&call, &link, hash).await?;
    Ok(NoContent)
}

/// Change my password
///
/// Changes one's own password.
/// Ends one's other sessions at once; the present one goes on. Links sent before are void.
#[utoipa::path(
    tag = "Identity",
    extensions(("x-policy" = json!("me.update")), ("x-never" = json!([409]))),
    responses((status = 204, description = "The password is the new one"))
)]
#[post("/v1/me/password")]
async fn change_my_password(ctx: Ctx, body: Json<PasswordChange>) -> Result<NoContent> {
    let Json(change) = body;
    let user = ctx.row::<user::Entity>(ctx.actor.id).await?;
    check_current(&ctx, &user, change.current_password).await?;
    let (passwords, guest) = (&ctx.state.passwords, Guest::Person(user.id));
    let hash = passwords
        .choose(guest, "/new_password", change.new_password, known(&user))
        .await?;
    let tx = ctx.begin().await?;
    let event = store::change_password(&tx, &user, hash).await?;
    tx.commit(event).await?;
    Ok(NoContent)
}

/// Change my e-mail address
///
/// Sends a link to the new address, and word of it to the present one. The address changes when the
/// link is followed, within 24 hours; whether somebody else has it is told then, to whoever reads
/// its mails.
#[utoipa::path(
    tag = "Identity",
    extensions(("x-policy" = json!("me.update")), ("x-never" = json!([409]))),
    responses((status = 204, description = "The link is on its way"))
)]
#[post("/v1/me/email")]
async fn change_my_email(ctx: Ctx, body: Json<EmailChange>) -> Result<NoContent> {
    ctx.state.mailer.demand()?;
    let Json(change) = body;
    let email = change.email.to_ascii_lowercase();
    let user = ctx.row::<user::Entity>(ctx.actor.id).await?;
    if email == user.email {
        return Err(Problem::fault("/email", FaultCode::NotAllowed));
    }
    check_current(&ctx, &user, change.current_password).await?;
    let tx = ctx.begin().await?;
    // Counted like failures, and never as a success: nobody has mails sent to many addresses.
    Attempt::within(&tx, &format!("new address {}", user.id)).await?;
    let event = store::request_email(&tx, &user, email).await?;
    tx.commit(event).await?;
    Ok(NoContent)
}

/// Confirm an e-mail address
///
/// Confirms the new e-mail address of an account.
/// With the token of the link that was sent there. One logs in with the new address from then on;
/// sessions go on. Links sent to the address of before are void.
#[utoipa::path(
    tag = "Identity",
    // A link or nothing is the identity here.
    extensions(("x-never" = json!([401])), ("x-also" = json!([409]))),
    security(()),
    responses((status = 204, description = "The address is the new one"))
)]
#[post("/v1/auth/email/confirm")]
async fn confirm_email(call: Call, body: Json<EmailConfirmation>) -> Result<NoContent> {
    let purpose = TokenPurpose::EmailChange;
    let link = links::find(call.state.db.reader(), purpose, &body.token, call.now).await?;
    store::confirm_email(&call, &link).await?;
    Ok(NoContent)
}

/// What a password must not be made of.
fn known(user: &user::Model) -> [&str; 3] {
    [&user.email, &user.given_name, &user.family_name]
}

/// The one place where a signed-in person's password is asked for again.
async fn check_current(ctx: &Ctx, user: &user::Model, password: String) -> Result<()> {
    let attempt = Attempt::begin(ctx, &user.email).await?;
    let hash = user.password_hash.clone();
    if ctx
        .state
        .passwords
        .verify(Guest::Person(user.id), password, hash)
        .await?
    {
        attempt.succeeded(ctx).await
    } else {
        Err(Problem::fault(
            "/current_password",
            FaultCode::PasswordWrong,
        ))
    }
}
