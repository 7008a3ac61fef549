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

/** @param {number} port */
function listen(port) {
  http.listen(port, "127.0.0.1", () => say({ listening: portOf() }));
}

function portOf() {
  return /** @type {import("node:net").AddressInfo} */ (http.address()).port;
}

listen(0);

await obey({
  ...commandsOf(() => latest),
  /** Goes away, and comes back at the same place. */
  restart: async () => {
    const port = portOf();
    latest.destroy();
    await new Promise((resolve) => http.close(resolve));
    listen(port);
  },
  all: (...args) => server.all(...args),
  join: (room) => latest.join(room),
  to: (room, ...args) => server.to(room, ...args),
});
process.exit();
