// The client of the API: fetch, and the types that are generated from the API document. It is called as openapi-fetch is,
// so whoever bundles puts that in its place.

/** @typedef {import("./schema.js").paths} paths */
/** @typedef {import("./schema.js").components["schemas"]} Schemas */
/** @typedef {Pick<import("openapi-fetch").Client<paths>, "GET" | "POST" | "PATCH">} Client */
/** @typedef {{status: number, title?: string, detail?: string, code?: string, errors?: Schemas["FieldFault"][]}} Problem */
/** @typedef {{data?: unknown, error?: Problem, response: Response}} Answer */
/**
 * @typedef {object} Init
 * @property {{path?: Record<string, string>, query?: Record<string, unknown>, header?: Record<string, string>}} [params]
 * @property {unknown} [body]
 */

/** What was refused, in the words of the API. */
export class Refusal extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.detail ?? problem.title ?? "Le service n'a pas pu répondre. Réessayez dans un moment.");
    this.problem = problem;
  }
}

const NO_ANSWER = "Le service ne répond pas. Vérifiez votre connexion à internet, puis réessayez.";

/**
 * What was asked for; thrown is what was refused.
 * @template T
 * @param {Promise<{data?: T, error?: unknown, response: Response}>} answering
 * @returns {Promise<T>}
 */
export async function got(answering) {
  const { data, error, response } = await answering;
  if (!response.ok) throw new Refusal({ status: response.status, .../** @type {object} */ (error ?? {}) });
  return /** @type {T} */ (data);
}

/**
 * @param {string} base where the API is
 * @param {() => string | null} token the access token, if somebody is signed in
 * @param {(used: string) => Promise<boolean>} renew replaces an access token that is over; whether it did
 * @returns {Client}
 */
export function client(base, token, renew) {
  /** @type {(method: string, path: string, init?: Init) => Promise<Answer>} */
  async function call(method, path, init = {}) {
    const used = token();
    const answer = await send(method, path, init, used);
    const isOver = answer.response.status === 401 && used !== null;
    return isOver && (await renew(used)) ? send(method, path, init, token()) : answer;
  }

  /** @type {(method: string, path: string, init: Init, token: string | null) => Promise<Answer>} */
  async function send(method, path, { params = {}, body }, token) {
    const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(params.path?.[name] ?? ""));
    const url = new URL(base + filled.slice(1), document.baseURI);
    for (const [name, value] of Object.entries(params.query ?? {})) {
      // A list is sent with commas between.
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const headers = new Headers({ "Accept-Language": "fr", ...params.header });
    if (token !== null) headers.set("Authorization", `Bearer ${token}`);
    const sent = body === undefined ? null : JSON.stringify(body);
    if (sent) headers.set("Content-Type", method === "PATCH" ? "application/merge-patch+json" : "application/json");
    const response = await fetch(url, { method, headers, body: sent }).catch(() => {
      throw new Refusal({ status: 0, detail: NO_ANSWER });
    });
    const isJson = /json/.test(response.headers.get("Content-Type") ?? "");
    const read = isJson ? await response.json() : undefined;
    return response.ok ? { data: read, response } : { error: read, response };
  }

  /** @param {string} method */
  const by = (method) => /** @param {string} path @param {Init} [init] */ (path, init) => call(method, path, init);
  // The types promise more than can be seen here: that each answer is as the API document says.
  return /** @type {Client} */ (/** @type {unknown} */ ({ GET: by("GET"), POST: by("POST"), PATCH: by("PATCH") }));
}
