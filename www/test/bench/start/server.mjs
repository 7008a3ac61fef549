// @ts-check
//
// The server of the start bench, in a process of its own: pages and what they
// are made of, packed, with what a browser needs to keep them; and a bsock
// server on the same port that greets and acknowledges at once.

import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { makeFiles } from "./bundles.mjs";

const hello =
  '0{"sid":"0","upgrades":[],"pingInterval":25000,"pingTimeout":60000}';

const files = await makeFiles();

const http = createServer((request, response) => {
  const file = files.get(String(request.url));
  if (!file) return void response.writeHead(404).end();
  const etag = `"${createHash("sha1").update(file.packed).digest("hex")}"`;
  const headers = {
    ETag: etag,
    // A page is asked for each time, as a page must be; what it is made of is
    // kept for an hour, as a file with a version in its name is.
    "Cache-Control": file.type.startsWith("text/html")
      ? "no-cache"
      : "max-age=3600",
  };
  if (request.headers["if-none-match"] === etag)
    return void response.writeHead(304, headers).end();
  response.writeHead(200, {
    ...headers,
    "Content-Type": file.type,
    "Content-Encoding": "br",
    "Content-Length": file.packed.length,
  });
  response.end(file.packed);
});

new WebSocketServer({ server: http }).on(
  "connection",
  (/** @type {any} */ ws) => {
    ws.send(hello);
    ws.send("40");
    ws.on("message", (/** @type {Buffer} */ data) => {
      const [, id] = String(data).match(/^42(\d+)\["auth"/) ?? [];
      if (id !== undefined) ws.send(`43${id}[null,null]`);
    });
  },
);

http.listen(0, "127.0.0.1", () => {
  const { port } = /** @type {import("node:net").AddressInfo} */ (
    http.address()
  );
  const sizes = Object.fromEntries(
    [...files].map(([path, { packed }]) => [path, packed.length]),
  );
  console.log(JSON.stringify({ listening: port, sizes }));
});
