// The same as receiver.py with the reference library of npm.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

const seen = new Set();

function verified(body, headers) {
  for (const secret of readFileSync(process.argv[2], "utf8").split(/\s+/).filter(Boolean)) {
    try {
      return new Webhook(secret).verify(body, headers);
    } catch {
      continue;
    }
  }
  return null;
}

const server = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const message = verified(Buffer.concat(parts).toString("utf8"), request.headers);
  if (message !== null) {
    const id = request.headers["webhook-id"];
    if (!seen.has(id)) {
      seen.add(id);
      console.log(JSON.stringify({ id, type: message.type, data: message.data }));
    }
  }
  response.writeHead(message === null ? 401 : 204).end();
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
