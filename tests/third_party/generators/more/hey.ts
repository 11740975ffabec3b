// hey-api's client, which checks what it is answered with zod: one scenario, live.
import assert from "node:assert/strict";
import * as livret from "./made/hey/sdk.gen";
import { createClient, createConfig } from "./made/hey/client";

const baseUrl = process.env.LIVRET_URL!;
const stranger = createClient(createConfig({ baseUrl }));

async function signedIn(email: string) {
  const body = { email, password: "livret de demonstration" };
  const { data } = await livret.logIn({ client: stranger, body, throwOnError: true });
  return createClient(createConfig({ baseUrl, auth: data.access_token, throwOnError: true }));
}

const tutor = await signedIn("tutrice@horizon.example");
const coordinator = await signedIn("coordinatrice@horizon.example");

// Lists by pages.
const booklets = [];
let after: string | undefined;
do {
  const { data } = await livret.listBooklets({ client: tutor, query: { limit: 2, after }, throwOnError: true });
  booklets.push(...data.items);
  after = data.next ?? undefined;
} while (after);
assert(booklets.length > 2);
const { id } = booklets.find((one) => one.state === "active")!;

// Create, patch with null, a stale version, all faults at once.
const made = await livret.createPersonalContact({
  client: tutor,
  path: { id },
  body: { category: "cep", name: "Mme Roux", phone: "+33561000009", comment: "Le mardi." },
  throwOnError: true,
});
const change = {
  client: tutor,
  path: { id: made.data.id },
  headers: { "If-Match": made.data.etag },
  body: { comment: null },
} as const;
const changed = await livret.updatePersonalContact({ ...change, throwOnError: true });
assert.deepEqual([changed.data.comment, changed.data.phone], [null, made.data.phone]);
const stale = await livret.updatePersonalContact({ ...change, throwOnError: false });
assert.equal(stale.response?.status, 412);
assert.equal(stale.error && "code" in stale.error && stale.error.code, "stale");

// The whole booklet, and the feed.
const full = await livret.getFullBooklet({ client: tutor, path: { id }, throwOnError: true });
assert.equal(full.data.booklet.id, id);
const { data: feed } = await livret.listChanges({ client: coordinator, query: { limit: 100 }, throwOnError: true });
assert(feed.items.length > 0);

// Files.
const taken = await livret.exportDataset({
  client: coordinator,
  path: { dataset: "users" },
  query: { format: "csv" },
  parseAs: "blob",
  throwOnError: true,
});
assert((taken.data as Blob).size > 100);
const file = new Blob(["given_name,family_name\nLou,Martin\n"]);
const query = { resource: "candidates", format: "csv" } as const;
let { data: begun } = await livret.createImport({ client: coordinator, query, body: file, throwOnError: true });
for (let tries = 0; tries < 100 && begun.state === "checking"; tries++) {
  await new Promise((later) => setTimeout(later, 100));
  begun = (await livret.getImport({ client: coordinator, path: { id: begun.id }, throwOnError: true })).data;
}
assert.deepEqual([begun.state, begun.rows_total, begun.rows_faulty], ["ready", 1, 0]);
console.log(`hey-api: ${booklets.length} booklets, ${feed.items.length} changes, a file and an import`);
