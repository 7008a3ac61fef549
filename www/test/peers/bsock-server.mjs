// @ts-check
//
// npm's bsock as a server on a port of its own, for clients that are not it:
//
//   node bsock-server.mjs EVENT…     binds these events on each socket
//
// It says {"listening": PORT} first, and {"connected": URL} for each socket.
// Commands (control.mjs) go to the last socket that came.

import { createServer } from "node:http";
import bsock from "bsock";
import { commandsOf, obey, say, serve } from "./control.mjs";

const http = createServer();
const server = bsock.attach(http);
const events = process.argv.slice(2);
/** @type {any} */
let latest = null;

// The request is gone by the time bsock hands out the socket.
let url = "";
http.prependListener("upgrade", (request) => {
  url = String(request.url);
});

server.on("socket", (/** @type {any} */ socket) => {
  latest = socket;
  serve(socket, events);
  socket.on("connect", () => say({ connected: url }));
});

http.listen(0, "127.0.0.1", () => {
  const address = /** @type {import("node:net").AddressInfo} */ (
    http.address()
  );
  say({ listening: address.port });
});

await obey({
  ...commandsOf(() => latest),
  all: (...args) => server.all(...args),
  join: (room) => latest.join(room),
  to: (room, ...args) => server.to(room, ...args),
});
process.exit();
