// The API document as a Postman collection, run by newman on LIVRET_URL: every GET that names no object is answered 200.
import { readFileSync } from "node:fs";
import converter from "openapi-to-postmanv2";
import newman from "newman";

const url = process.env.LIVRET_URL;
const document = { type: "string", data: readFileSync(process.env.DOCUMENT, "utf8") };
const collection = await new Promise((done, failed) =>
  converter.convert(document, { enableOptionalParameters: false }, (error, result) =>
    error || !result.result ? failed(error ?? result.reason) : done(result.output[0].data),
  ),
);

const body = JSON.stringify({ email: "coordinatrice@horizon.example", password: "livret de demonstration" });
const headers = { "content-type": "application/json" };
const tokens = await (await fetch(`${url}/v1/auth/login`, { method: "POST", headers, body })).json();

// What goes on for as long as one listens, and what takes a minute.
const STREAMS = ["Follow changes"];
let requests = 0;
const reads = (item) => item.request.method === "GET" && !item.request.url.path.some((part) => part.startsWith(":")) && !STREAMS.includes(item.name);
const kept = (items) =>
  items.flatMap((item) => {
    if (item.item) {
      const inner = kept(item.item);
      return inner.length > 0 ? [{ ...item, item: inner }] : [];
    }
    requests += 1;
    // What it expects of answers is made up.
    return reads(item) ? [{ ...item, response: [] }] : [];
  });
const variable = [
  { key: "baseUrl", value: url },
  { key: "bearerToken", value: tokens.access_token },
];
const run = await new Promise((done, failed) =>
  newman.run({ collection: { ...collection, item: kept(collection.item), variable } }, (error, summary) =>
    error ? failed(error) : done(summary.run),
  ),
);
const others = run.executions.filter(({ response }) => response?.code !== 200);
if (others.length > 0) {
  throw new Error(others.map(({ item, response }) => `${item.name}: ${response?.code} ${response?.text().slice(0, 200)}`).join("\n"));
}
console.log(`Postman: ${requests} requests; newman: ${run.executions.length} reads answered 200`);
