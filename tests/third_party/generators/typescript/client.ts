// openapi-generator's client for TypeScript's fetch: one scenario, live.
import {
  AddressCategory,
  AddressesApi,
  type Booklet,
  BookletsApi,
  ChangesApi,
  Configuration,
  ExportDatasetDatasetEnum,
  ExportDatasetFormatEnum,
  ExportsApi,
  IdentityApi,
  ImportResource,
  ImportsApi,
  type Problem,
  ResponseError,
} from "./client/index.js";

const { url } = globalThis as unknown as { url: string };

function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

async function refused(status: number, code: string, call: Promise<unknown>): Promise<Problem> {
  const error = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  demand(error instanceof ResponseError, `not refused: ${code}: ${error}`);
  const problem = (await error.response.json()) as Problem;
  demand(error.response.status === status && problem.code === code, JSON.stringify(problem));
  return problem;
}

// The plain token: the client itself writes "Bearer" before it, for programs' operations too.
async function signedIn(email: string): Promise<Configuration> {
  const credentials = { email, password: "livret de demonstration" };
  const tokens = await new IdentityApi(new Configuration({ basePath: url })).logIn({ credentials });
  return new Configuration({ basePath: url, accessToken: tokens.accessToken });
}

const tutor = await signedIn("tutrice@horizon.example");
const coordinator = await signedIn("coordinatrice@horizon.example");

// Lists by pages.
const api = new BookletsApi(tutor);
const booklets: Booklet[] = [];
let after: string | undefined;
do {
  const page = await api.listBooklets(after === undefined ? { limit: 2 } : { limit: 2, after });
  booklets.push(...page.items);
  after = page.next ?? undefined;
} while (after !== undefined);
demand(booklets.length > 2, "one page is no walk");
const booklet = booklets.find((one) => one.state === "active");
demand(booklet !== undefined, "no active booklet");

// Create, patch with null, a stale version, all faults at once.
const addresses = new AddressesApi(tutor);
const personalContactInput = { category: AddressCategory.Cep, name: "Mme Roux", phone: "+33561000009", comment: "Le mardi." };
const contact = await addresses.createPersonalContact({ id: booklet.id, personalContactInput });
const change = { id: contact.id, ifMatch: contact.etag, personalContactInputPatch: { comment: null } };
const patched = await addresses.updatePersonalContact(change);
demand(patched.comment === null && patched.phone === contact.phone, "the patch did something else");
await refused(412, "stale", addresses.updatePersonalContact(change));
const faulty = { category: AddressCategory.Cep, name: "", phone: "12" };
const faults = addresses.createPersonalContact({ id: booklet.id, personalContactInput: faulty });
const pointers = (await refused(422, "invalid", faults)).errors?.map((fault) => fault.pointer);
demand(`${pointers?.sort()}` === "/name,/phone", `${pointers}`);

// The whole booklet, and the feed.
const full = await api.getFullBooklet({ id: booklet.id });
demand(full.booklet.id === booklet.id, "another booklet");
const changes = (await new ChangesApi(coordinator).listChanges({ limit: 100 })).items;
demand(changes.length > 0, "nothing happened");

// Files: what the client gives are the bytes that are sent.
const exports = new ExportsApi(coordinator);
for (const format of Object.values(ExportDatasetFormatEnum)) {
  const taken = await (await exports.exportDataset({ dataset: ExportDatasetDatasetEnum.Users, format })).arrayBuffer();
  const headers = { Authorization: `Bearer ${await coordinator.accessToken?.()}` };
  const sent = await (await fetch(`${url}/v1/exports/users?format=${format}`, { headers })).arrayBuffer();
  demand(taken.byteLength === sent.byteLength && sent.byteLength > 0, `${format}: ${taken.byteLength}`);
}
const imports = new ImportsApi(coordinator);
const body = new Blob(["given_name,family_name\nLou,Martin\n"]);
let begun = await imports.createImport({ resource: ImportResource.Candidates, format: "csv", body });
for (let tries = 0; tries < 100 && begun.state === "checking"; tries += 1) {
  await new Promise((done) => setTimeout(done, 100));
  begun = await imports.getImport({ id: begun.id });
}
demand(begun.state === "ready" && begun.rowsTotal === 1 && begun.rowsFaulty === 0, JSON.stringify(begun));
console.log(`TypeScript: ${booklets.length} booklets, ${changes.length} changes, three files and an import`);
