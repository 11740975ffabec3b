// Prism pretends to be the service, from the API document alone: every operation, sent as its example says, is
// answered as the document says that it succeeds.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

const [document, prism] = process.argv.slice(2);
const contract = JSON.parse(readFileSync(document));
const port = 20_000 + Math.floor(Math.random() * 10_000);
const mock = spawn(prism, ["mock", "--port", port, document], { stdio: ["ignore", "ignore", "inherit"] });
const url = `http://127.0.0.1:${port}`;

const resolved = (part) => (part?.$ref ? part.$ref.slice(2).split("/").reduce((at, name) => at[name], contract) : part);
const sample = (part) => part.example ?? Object.values(part.examples ?? {})[0]?.value ?? resolved(part.schema)?.example;
const kinds = { integer: 1, boolean: true, array: [] };

function request(path, method, operation) {
  const headers = { authorization: "Bearer token" };
  const query = new URLSearchParams();
  for (const parameter of (operation.parameters ?? []).map(resolved).filter((one) => one.required)) {
    const schema = resolved(parameter.schema);
    const value = sample(parameter) ?? schema.enum?.[0] ?? kinds[schema.type] ?? "jury";
    if (parameter.in === "path") path = path.replace(`{${parameter.name}}`, encodeURIComponent(value));
    else if (parameter.in === "query") query.set(parameter.name, value);
    else if (parameter.in === "header") headers[parameter.name] = value;
  }
  const [kind, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  let body;
  if (media) {
    headers["content-type"] = kind;
    const value = sample(media) ?? "given_name,family_name\nLou,Martin\n";
    if (kind.endsWith("form-urlencoded")) body = new URLSearchParams(value).toString();
    else body = typeof value === "string" ? value : JSON.stringify(value);
  }
  return [`${url}${path}${query.size ? `?${query}` : ""}`, { method, headers, body }];
}

async function ready() {
  for (let tries = 0; tries < 600; tries++) {
    if (await fetch(url).then(() => true, () => false)) return;
    await new Promise((later) => setTimeout(later, 200));
  }
  throw new Error("Prism does not start");
}

try {
  await ready();
  const failed = [];
  let count = 0;
  for (const [path, item] of Object.entries(contract.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const answer = await fetch(...request(path, method.toUpperCase(), operation));
      const text = await answer.text();
      count += 1;
      if (!answer.ok) failed.push(`${operation.operationId}: ${answer.status} ${text.slice(0, 300)}`);
    }
  }
  console.log(`Prism: ${count - failed.length} of ${count} operations answered as if they were there`);
  if (failed.length > 0) throw new Error(failed.join("\n"));
} finally {
  mock.kill();
}
