// A front-end's day with the generated client: what it is promised by the types, it gets from the service.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Booklet = components["schemas"]["Booklet"];
type Problem = components["schemas"]["Problem"];

const { url } = globalThis as unknown as { url: string };

function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

/** The body of an answer that must be there. */
function got<T>(answer: { data?: T; error?: unknown; response: Response }, status: number): T {
  check(answer.response.status === status, `${answer.response.status}: ${JSON.stringify(answer.error)}`);
  check(answer.data !== undefined, "no body");
  return answer.data;
}

/** The problem of an answer that must be a refusal. */
function refused(answer: { error?: Problem; response: Response }, status: number, code: string): Problem {
  const problem = answer.error;
  check(problem !== undefined, `${answer.response.status} instead of a problem`);
  check(problem.status === status && problem.code === code, JSON.stringify(problem));
  return problem;
}

// Log in.
const anonymous = createClient<paths>({ baseUrl: url });
const email = "tutrice@horizon.example";
refused(await anonymous.POST("/v1/auth/login", { body: { email, password: "wrong" } }), 401, "invalid_credentials");
const tokens = got(
  await anonymous.POST("/v1/auth/login", { body: { email, password: "livret de demonstration" } }),
  200,
);
const client = createClient<paths>({
  baseUrl: url,
  headers: { Authorization: `Bearer ${tokens.access_token}` },
});
check(got(await client.GET("/v1/me"), 200).role === "tutor", "the tutor is no tutor");

// Walk pages.
const booklets: Booklet[] = [];
let after: string | null = null;
do {
  const query: { limit: number; after?: string } = after === null ? { limit: 2 } : { limit: 2, after };
  const page = got(await client.GET("/v1/booklets", { params: { query } }), 200);
  check(page.items.length <= 2, "more than was asked for");
  booklets.push(...page.items);
  after = page.next;
} while (after !== null);
const whole = got(await client.GET("/v1/booklets", { params: { query: { limit: 100 } } }), 200);
check(booklets.length > 2, "one page is no walk");
check(
  JSON.stringify(booklets.map((booklet) => booklet.id)) === JSON.stringify(whole.items.map((booklet) => booklet.id)),
  "the pages are not the list",
);

// Read unions: a certification or null, an outcome or null.
for (const { certification, outcome, closed_on } of booklets) {
  check(certification === null || certification.label.length > 0, "a certification without a label");
  check(outcome === null || closed_on !== null, `${outcome} in an open booklet`);
}
check(booklets.some((booklet) => booklet.certification !== null), "no booklet has a certification");
check(booklets.some((booklet) => booklet.outcome === null), "every booklet has an outcome");

// Read what is told apart by a field: by hand, or derived from a sheet.
let byHand = 0;
let derived = 0;
for (const { id } of booklets) {
  const page = got(await client.GET("/v1/booklets/{id}/completed-actions", { params: { path: { id } } }), 200);
  for (const action of page.items) {
    switch (action.source) {
      case "manual":
        byHand += 1;
        break;
      case "sheet":
        check(action.sheet_item_id !== null, "derived from no item");
        derived += 1;
        break;
      default:
        action.source satisfies never;
    }
  }
}
check(byHand > 0 && derived > 0, `${byHand} by hand, ${derived} derived`);

// Create; sent again under its key, the same request has one effect and the same answer.
const active = booklets.find((booklet) => booklet.state === "active");
check(active !== undefined, "no active booklet");
const path = { id: active.id };
const create = () =>
  client.POST("/v1/booklets/{id}/personal-contacts", {
    params: { path, header: { "Idempotency-Key": key } },
    body: { category: "cep", name: "Mme Roux", phone: "+33561000009", comment: "Disponible le mardi." },
  });
const key = crypto.randomUUID();
const created = await create();
const contact = got(created, 201);
const replayed = await create();
check(got(replayed, 201).id === contact.id, "made twice");
check(replayed.response.headers.get("Idempotent-Replayed") === "true", "a replay that does not say so");
check(created.response.headers.get("ETag") === contact.etag, "the header and the body name two versions");

// Patch with null: one field is erased, the others stay.
const at = { id: contact.id };
const patched = got(
  await client.PATCH("/v1/personal-contacts/{id}", {
    params: { path: at, header: { "If-Match": contact.etag } },
    body: { comment: null },
  }),
  200,
);
check(patched.comment === null && patched.phone === contact.phone, "the patch did something else");

// A stale version: nothing is changed, and the problem says so.
const stale = await client.PATCH("/v1/personal-contacts/{id}", {
  params: { path: at, header: { "If-Match": contact.etag } },
  body: { name: "M. Arnaud" },
});
check(refused(stale, 412, "stale").type.endsWith("/problems/stale"), "a problem without an address");
check(got(await client.GET("/v1/personal-contacts/{id}", { params: { path: at } }), 200).name === "Mme Roux", "changed");

// All faults at once, each with its pointer.
const faulty = await client.POST("/v1/booklets/{id}/personal-contacts", {
  params: { path },
  body: { category: "cep", name: "", phone: "12" },
});
const pointers = refused(faulty, 422, "invalid").errors?.map((fault) => fault.pointer);
check(JSON.stringify(pointers?.sort()) === '["/name","/phone"]', `${pointers}`);

// Delete.
const deleted = await client.DELETE("/v1/personal-contacts/{id}", {
  params: { path: at, header: { "If-Match": patched.etag } },
});
check(deleted.response.status === 204, "not deleted");
refused(await client.GET("/v1/personal-contacts/{id}", { params: { path: at } }), 404, "not_found");

console.log(`TypeScript: ${booklets.length} booklets walked, one contact made, changed and deleted`);
