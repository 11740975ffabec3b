// Who is signed in, and the one client that all screens call.
import { client, got, Refusal } from "./client.js";

/** @typedef {import("./client.js").Schemas} Schemas */
/** @typedef {{access: string, refresh: string, me: Schemas["Me"], labels: Schemas["LabelGroup"][]}} Session */

// This tab's alone, and gone with it. A script of others cannot read it: the page runs none (Content-Security-Policy),
// and writes nothing but text.
const KEPT = "livret.session";
const base = document.querySelector("meta[name=livret-api]")?.getAttribute("content") ?? "/";

/** @type {Session | null} */
let session = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
/** @type {Promise<boolean> | null} */
let renewing = null;

/** The API, as whoever is signed in may call it. */
export const api = client(base, () => session?.access ?? null, renew);

/** @param {Session | null} next */
function keep(next) {
  session = next;
  if (next) sessionStorage.setItem(KEPT, JSON.stringify(next));
  else sessionStorage.removeItem(KEPT);
}

/** Whoever is signed in. */
export function me() {
  return session?.me ?? null;
}

/** The words of the API, with what people call them. */
export function labels() {
  return session?.labels ?? [];
}

/** An address of the service's own pages. @param {string} page */
export function page(page) {
  return base + page;
}

/** @param {string} email @param {string} password */
export async function signIn(email, password) {
  const tokens = await got(api.POST("/v1/auth/login", { body: { email, password } }));
  const given = { access: tokens.access_token, refresh: tokens.refresh_token };
  const asked = client(base, () => given.access, async () => false);
  const [me, words] = await Promise.all([got(asked.GET("/v1/me")), got(asked.GET("/v1/labels"))]);
  keep({ ...given, me, labels: words.items });
}

/** The session ends here whether or not the service hears of it. */
export async function signOut() {
  await got(api.POST("/v1/auth/logout", { body: {} })).catch(() => {});
  keep(null);
}

/**
 * A new access token for one that is over. Each refresh token works once: calls that wait at the same time share one
 * renewal.
 * @param {string} used
 */
async function renew(used) {
  if (session && session.access !== used) return true;
  renewing ??= renewed().finally(() => {
    renewing = null;
  });
  return renewing;
}

async function renewed() {
  if (!session) return false;
  try {
    const nobody = client(base, () => null, async () => false);
    const tokens = await got(nobody.POST("/v1/auth/refresh", { body: { refresh_token: session.refresh } }));
    keep({ ...session, access: tokens.access_token, refresh: tokens.refresh_token });
    return true;
  } catch (error) {
    // Without an answer nothing is known: the session may be as good as before.
    if (error instanceof Refusal && error.problem.status >= 400 && error.problem.status < 500) keep(null);
    return false;
  }
}
