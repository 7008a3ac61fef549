// @ts-check
//
// npm's socket.io-client, for servers that are not it:
//
//   node socketio-client.mjs GENERATION URL OPTIONS EVENT…
//
// GENERATION is 2 or 4. OPTIONS are Socket.IO's own as JSON, and besides "nsp",
// the namespace to begin with, "/" by default. It says {"connected": true} each
// time the server has let it in, {"refused": {"message", "data"}} if the server
// has not, with the namespace. Commands are those of socketio.mjs, and
// enter(NSP, AUTH), which joins a namespace more.

import { obey, say } from "./control.mjs";
import {
  commandsOf,
  inNamespace,
  load,
  serve,
  whyRefused,
} from "./socketio.mjs";

const [generation, url, json, ...events] = process.argv.slice(2);
const { nsp: first = "/", ...options } = JSON.parse(json);

/** @type {Map<string, any>} */
const sockets = new Map();

const io = load("socket.io-client", generation);
const manager = new io.Manager(url, {
  transports: ["websocket"],
  reconnectionDelay: 50,
  reconnectionDelayMax: 200,
  ...options,
});

/**
 * Joins a namespace, for the first time or again.
 *
 * @param {string} nsp
 * @param {unknown} [auth]
 */
function enter(nsp, auth = {}) {
  const known = sockets.get(nsp);
  if (known) {
    known.auth = auth;
    known.connect();
    return;
  }
  const socket = manager.socket(nsp, { auth });
  sockets.set(nsp, socket);
  serve(socket, events);
  socket.on("connect", () => say(inNamespace(socket, { connected: true })));
  socket.on("connect_error", (/** @type {any} */ error) =>
    say(inNamespace(socket, { refused: whyRefused(error) })),
  );
}

enter(first, options.auth);

await obey({ ...commandsOf((nsp) => sockets.get(nsp)), enter });
process.exit();
