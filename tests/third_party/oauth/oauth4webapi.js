// oauth4webapi: discovery, tokens for programs and for people, introspection, revocation, and the
// validation of our access tokens by somebody else's resource server.
import assert from "node:assert/strict";
import * as oauth from "oauth4webapi";

const url = new URL(process.env.LIVRET_URL);
// For http on this machine.
const insecure = { [oauth.allowInsecureRequests]: true };
const PASSWORD = "livret de demonstration";

async function json(method, path, body, token) {
  const headers = { "content-type": "application/json" };
  if (token) headers.authorization = `Bearer ${token}`;
  const answer = await fetch(new URL(path, url), { method, headers, body: JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer.json();
}

const status = async (path, token) =>
  (await fetch(new URL(path, url), { headers: { authorization: `Bearer ${token}` } })).status;

const logIn = (email) => json("POST", "/v1/auth/login", { email, password: PASSWORD });

async function serviceAccount(email, scopes) {
  const { access_token: token } = await logIn(email);
  return json("POST", "/v1/service-accounts", { name: "oauth4webapi", scopes }, token);
}

const discovered = await oauth.discoveryRequest(url, { algorithm: "oauth2", ...insecure });
const as = await oauth.processDiscoveryResponse(url, discovered);
assert.ok(as.scopes_supported.includes("events:read"));

const account = await serviceAccount("coordinatrice@horizon.example", ["booklets:read", "candidates:read"]);
const client = { client_id: account.client_id };
const ways = [oauth.ClientSecretBasic(account.secret), oauth.ClientSecretPost(account.secret)];

const getToken = async (way, parameters = {}) => {
  const answer = await oauth.clientCredentialsGrantRequest(as, client, way, parameters, insecure);
  return oauth.processClientCredentialsResponse(as, client, answer);
};
const look = async (token, way = ways[0]) => {
  const answer = await oauth.introspectionRequest(as, client, way, token, insecure);
  return oauth.processIntrospectionResponse(as, client, answer);
};
const validate = (token) => {
  const request = new Request(new URL("/v1/booklets", url), { headers: { authorization: `Bearer ${token}` } });
  return oauth.validateJwtAccessToken(as, request, "livret", insecure);
};

for (const way of ways) {
  const tokens = await getToken(way);
  assert.equal(tokens.scope, "booklets:read candidates:read");
  assert.equal(tokens.secret_expires_soon, false);
  const token = tokens.access_token;
  const claims = await validate(token);
  assert.equal(claims.client_id, account.client_id);
  assert.equal(claims.scope, tokens.scope);
  const found = await look(token, way);
  assert.deepEqual([found.active, found.sub], [true, account.id]);
  assert.equal(await status("/v1/booklets", token), 200);

  const revoked = await oauth.revocationRequest(as, client, way, token, insecure);
  assert.equal(await oauth.processRevocationResponse(revoked), undefined);
  assert.equal(await status("/v1/booklets", token), 401);
  assert.deepEqual(await look(token), { active: false });
}

const narrow = await getToken(ways[1], { scope: "candidates:read" });
assert.equal(narrow.scope, "candidates:read");
assert.equal(await status("/v1/booklets", narrow.access_token), 403);

// Refusals, as the library understands them.
await assert.rejects(getToken(ways[0], { scope: "users:write" }), (error) => {
  assert.ok(error instanceof oauth.ResponseBodyError, String(error));
  return error.error === "invalid_scope" && error.status === 400 && error.error_description.length > 0;
});
await assert.rejects(getToken(oauth.ClientSecretBasic("wrong")), (error) => {
  assert.ok(error instanceof oauth.WWWAuthenticateChallengeError, String(error));
  return error.status === 401 && error.cause[0].scheme === "basic";
});

// The session of a person: a public client, whose refresh token turns.
const publicClient = { client_id: "livret" };
const renew = async (token) => {
  const answer = await oauth.refreshTokenGrantRequest(as, publicClient, oauth.None(), token, insecure);
  return oauth.processRefreshTokenResponse(as, publicClient, answer);
};
const session = await logIn("tutrice@horizon.example");
const renewed = await renew(session.refresh_token);
assert.notEqual(renewed.refresh_token, session.refresh_token);
assert.equal((await validate(renewed.access_token)).client_id, "livret");
assert.equal((await look(renewed.refresh_token)).active, true);
const out = await oauth.revocationRequest(as, publicClient, oauth.None(), renewed.refresh_token, insecure);
await oauth.processRevocationResponse(out);
assert.equal(await status("/v1/me", renewed.access_token), 401);
await assert.rejects(renew(renewed.refresh_token), (error) => {
  assert.ok(error instanceof oauth.ResponseBodyError, String(error));
  return error.error === "invalid_grant";
});

// Nothing of another organization.
const elsewhere = await serviceAccount("coordinateur@rivage.example", ["booklets:read"]);
const theirs = await json("POST", "/v1/auth/login", { email: "coordinateur@rivage.example", password: PASSWORD });
assert.deepEqual(await look(theirs.access_token), { active: false });
assert.notEqual(elsewhere.organization_id, account.organization_id);

console.log("oauth4webapi: discovery, two ways to a token, scopes, refresh, introspection, revocation, validation");
