//! Who may call: the two ways to an access token, and which operation takes which.

use serde_json::{Map, Value, json};

use super::servers::TOKEN_URL;
use crate::foundation::scope::Scope;

/// A JWT from a log-in, or one from the token endpoint for the programs of others. The names are in the
/// order in which generators write what a client sends: the last one wins, and TypeScript's (`typescript-fetch`)
/// writes "Bearer" for `token` alone.
pub(super) fn schemes() -> Value {
    json!({
        "token": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The access_token of POST /v1/auth/login or POST /oauth/token: a JWT that \
                            follows RFC8725 (one asymmetric algorithm, `typ: at+jwt`, all claims required) \
                            and lives for 15 minutes. Or a token of an OpenID provider that the organization trusts \
                            (/v1/identity-providers). Or an API key of a service account (POST \
                            /v1/service-accounts/{id}/api-keys)."
        },
        "oauth2": {
            "type": "oauth2",
            "description": "For programs: a service account's credentials (RFC 6749, section 4.4) give an \
                            access token, a JWT that follows RFC8725. It has the scopes that are asked \
                            for among the account's own, or all of these.",
            "flows": { "clientCredentials": { "tokenUrl": TOKEN_URL, "scopes": scopes() } }
        }
    })
}

/// Every scope that a service account may have, and what it lets it do.
fn scopes() -> Map<String, Value> {
    Scope::all()
        .map(|scope| (scope.to_string(), scope.describe().into()))
        .collect()
}

/// An operation that service accounts may call takes their token too.
pub(super) fn accept_programs(operation: &mut Map<String, Value>) {
    let for_programs = operation
        .get("x-roles")
        .and_then(Value::as_array)
        .is_some_and(|roles| roles.iter().any(|role| role == "integration"));
    if for_programs {
        let scope: Vec<&Value> = operation.get("x-scope").into_iter().collect();
        let security = json!([{ "token": [] }, { "oauth2": scope }]);
        operation.insert("security".into(), security);
    }
}
