"""Authlib: metadata, tokens for programs (basic and post) and for people, introspection, revocation, and our
access tokens validated with the published keys."""

import os

import requests
from authlib.integrations.requests_client import OAuth2Session, OAuthError
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from joserfc import jwt
from joserfc.jwk import KeySet

URL = os.environ["LIVRET_URL"]
PASSWORD = "livret de demonstration"


def post(path, body, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = requests.post(URL + path, json=body, headers=headers, timeout=30)
    assert answer.ok, f"{path}: {answer.status_code} {answer.text}"
    return answer.json()


def log_in(email):
    return post("/v1/auth/login", {"email": email, "password": PASSWORD})


def status(path, token):
    return requests.get(URL + path, headers={"Authorization": f"Bearer {token}"}, timeout=30).status_code


def validated(token, keys):
    """RFC 9068, section 4, by joserfc, on which Authlib is built."""
    decoded = jwt.decode(token, keys, algorithms=["EdDSA"])
    assert decoded.header["typ"] == "at+jwt", decoded.header
    demand = jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": URL},
        aud={"essential": True, "value": "livret"},
        **{name: {"essential": True} for name in ("exp", "sub", "client_id", "iat", "jti")},
    )
    demand.validate(decoded.claims)
    return decoded.claims


def main():
    metadata = AuthorizationServerMetadata(requests.get(f"{URL}/.well-known/oauth-authorization-server", timeout=30).json())
    # Not the addresses, which on this machine are http, nor response_types_supported: there is no authorization
    # endpoint, and Authlib takes an empty list for a missing one.
    for name in ("grant_types_supported", "scopes_supported", "service_documentation",
                 "token_endpoint_auth_methods_supported", "revocation_endpoint_auth_methods_supported",
                 "introspection_endpoint_auth_methods_supported", "ui_locales_supported"):
        getattr(metadata, f"validate_{name}")()
    keys = KeySet.import_key_set(requests.get(metadata["jwks_uri"], timeout=30).json())

    coordinator = log_in("coordinatrice@horizon.example")["access_token"]
    account = post("/v1/service-accounts", {"name": "Authlib", "scopes": ["booklets:read", "users:read"]}, coordinator)
    for method in metadata["introspection_endpoint_auth_methods_supported"]:
        client = OAuth2Session(
            account["client_id"], account["secret"], scope="booklets:read",
            token_endpoint_auth_method=method, revocation_endpoint_auth_method=method,
        )
        token = client.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
        assert token["scope"] == "booklets:read", token
        assert client.get(f"{URL}/v1/booklets").status_code == 200
        assert client.get(f"{URL}/v1/users").status_code == 403
        claims = validated(token["access_token"], keys)
        assert (claims["client_id"], claims["scope"]) == (account["client_id"], "booklets:read"), claims
        found = client.introspect_token(metadata["introspection_endpoint"], token["access_token"]).json()
        assert found["active"] and found["sub"] == account["id"], found
        assert client.revoke_token(metadata["revocation_endpoint"], token["access_token"]).status_code == 200
        assert status("/v1/booklets", token["access_token"]) == 401
        found = client.introspect_token(metadata["introspection_endpoint"], token["access_token"]).json()
        assert found == {"active": False}, found

    for secret, scope, error in [(account["secret"], "users:write", "invalid_scope"), ("wrong", None, "invalid_client")]:
        client = OAuth2Session(account["client_id"], secret, scope=scope)
        try:
            client.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
        except OAuthError as refusal:
            assert refusal.error == error and refusal.description, refusal
        else:
            raise AssertionError(f"{error}: not refused")

    session = log_in("tutrice@horizon.example")
    client = OAuth2Session("livret", token_endpoint_auth_method="none", revocation_endpoint_auth_method="none")
    renewed = client.refresh_token(metadata["token_endpoint"], refresh_token=session["refresh_token"])
    assert renewed["refresh_token"] != session["refresh_token"]
    assert validated(renewed["access_token"], keys)["client_id"] == "livret"
    assert status("/v1/me", renewed["access_token"]) == 200
    client.revoke_token(metadata["revocation_endpoint"], renewed["refresh_token"], token_type_hint="refresh_token")
    assert status("/v1/me", renewed["access_token"]) == 401
    print("Authlib: metadata, two ways to a token, scopes, refresh, introspection, revocation, validation")


main()
