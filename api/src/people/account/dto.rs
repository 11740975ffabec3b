//! What travels about one's own account.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// Somebody who forgot their password.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "tutrice@horizon.example"}))]
pub(crate) struct ForgottenPassword {
    /// E-mail address of the account.
    #[validate(email)]
    #[schema(min_length = 3, max_length = 254)]
    pub(super) email: String,
}

/// A new password in the place of a forgotten one.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "$yann.reset_token", "password": "quatre chevaux mauves"}))]
pub(crate) struct PasswordReset {
    /// The token of the link.
    #[schema(max_length = 200)]
    pub(super) token: String,
    /// The password chosen: anything not easy to guess; a phrase of several words does well.
    #[schema(min_length = 8, max_length = 128, format = Password)]
    pub(super) password: String,
}

/// A new password in the place of a known one.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"current_password": "livret de demonstration", "new_password": "quatre chevaux mauves"}))]
pub(crate) struct PasswordChange {
    /// The present password, as typed.
    #[schema(max_length = 128, format = Password)]
    pub(super) current_password: String,
    /// The password chosen: anything not easy to guess; a phrase of several words does well.
    #[schema(min_length = 8, max_length = 128, format = Password)]
    pub(super) new_password: String,
}

/// Another e-mail address.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "lea.fontaine@horizon.example", "current_password": "livret de demonstration"}))]
pub(crate) struct EmailChange {
    /// The new address. A link is sent there.
    #[validate(email)]
    #[schema(min_length = 3, max_length = 254)]
    pub(super) email: String,
    /// The present password, as typed.
    #[schema(max_length = 128, format = Password)]
    pub(super) current_password: String,
}

/// The proof that mails reach the new address.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "$yann.email_token"}))]
pub(crate) struct EmailConfirmation {
    /// The token of the link.
    #[schema(max_length = 200)]
    pub(super) token: String,
}
