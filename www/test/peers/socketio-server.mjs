// @ts-check
//
// npm's socket.io as a server, for clients that are not it:
//
//   node socketio-server.mjs GENERATION OPTIONS EVENT…
//
// GENERATION is 2 or 4. OPTIONS are Socket.IO's own as JSON, and besides
//
//   port     to listen on, a free one by default
//   token    what auth.token of the CONNECT packet must be, in "/" and /admin
//
// It has the namespaces "/", /admin, /other and /größe雪, and /closed, which
// refuses everybody. It says {"listening": PORT} first, and for each socket
// {"connected": URL, "auth": …, "nsp": …}. Commands (socketio.mjs) go to the
// last socket of a namespace.

import { createServer } from "node:http";
import { obey, say } from "./control.mjs";
import { commandsOf, inNamespace, load, serve } from "./socketio.mjs";

const [generation, json, ...events] = process.argv.slice(2);
const { port = 0, token, ...options } = JSON.parse(json);

/** Everybody may join these. */
const free = ["/other", "/größe雪"];

/** @type {Map<string, any>} the latest socket of each namespace */
const latest = new Map();
/** @type {any} */
let io;

/** @param {number} at */
function listen(at) {
  const http = createServer();
  io = start(http);
  for (const nsp of ["/", "/admin", ...free]) open(nsp);
  io.of("/closed").use(refuse);
  http.listen(at, "127.0.0.1", () => {
    const address = /** @type {import("node:net").AddressInfo} */ (
      http.address()
    );
    say({ listening: address.port });
  });
}

/** @param {import("node:http").Server} http */
function start(http) {
  const settings = { serveClient: false, maxHttpBufferSize: 1e8, ...options };
  const socketio = load("socket.io", generation);
  return generation === "2"
    ? socketio(http, settings)
    : new socketio.Server(http, settings);
}

/** @param {string} nsp */
function open(nsp) {
  if (token && !free.includes(nsp)) io.of(nsp).use(checkToken);
  io.of(nsp).on("connection", (/** @type {any} */ socket) => {
    latest.set(nsp, socket);
    serve(socket, events);
    const { url, auth = null } = socket.handshake;
    say(inNamespace(socket, { connected: url, auth }));
  });
}

/**
 * @param {any} socket
 * @param {(error?: Error) => void} next
 */
function checkToken(socket, next) {
  if (socket.handshake.auth?.token === token) next();
  else refuse(socket, next);
}

/**
 * @param {any} _socket
 * @param {(error?: Error) => void} next
 */
function refuse(_socket, next) {
  next(Object.assign(new Error("not authorized"), { data: { code: "E_KEY" } }));
}

listen(port);

await obey({
  ...commandsOf((nsp) => latest.get(nsp)),
  all: (...args) => io.emit(...args),
  join: (room) => latest.get("/").join(room),
  to: (room, ...args) => io.to(room).emit(...args),
  /** Goes away with all its connections, and comes back at the same place. */
  restart: async () => {
    const address = io.httpServer.address();
    await new Promise((resolve) => io.close(resolve));
    listen(address.port);
  },
});
process.exit();
