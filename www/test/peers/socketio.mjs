// @ts-check
//
// What both ends of a Socket.IO connection do for a test in another language,
// beside control.mjs, which does it for bsock's. A socket is one namespace of a
// connection; a line about one that is not "/" names it:
//
//   out  {"event": "tick", "args": [7], "nsp": "/admin"}
//   in   {"id": 1, "do": "in", "args": ["/admin", "fire", "tick", 7]}

import { createRequire } from "node:module";
import { say } from "./control.mjs";
import { digest } from "./payload.mjs";

const require = createRequire(import.meta.url);

/**
 * Loads npm's socket.io or socket.io-client.
 *
 * @param {"socket.io" | "socket.io-client"} name
 * @param {string} generation "2" or "4"
 */
export function load(name, generation) {
  return require(`${name}-${generation}`);
}

/**
 * The line with its namespace.
 *
 * @param {any} socket
 * @param {object} line
 */
export function inNamespace(socket, line) {
  const nsp = socket.nsp.name ?? socket.nsp;
  return nsp === "/" ? line : { ...line, nsp };
}

/**
 * Reports what a socket receives, and answers the calls that tests make.
 *
 * @param {any} socket
 * @param {string[]} events
 */
export function serve(socket, events) {
  const tell = (/** @type {object} */ line) => say(inNamespace(socket, line));
  for (const event of events)
    socket.on(event, (/** @type {unknown[]} */ ...args) =>
      tell({ event, args: digest(args) }),
    );
  for (const [name, hook] of Object.entries(hooks)) socket.on(name, hook);
  socket.on("error", (/** @type {any} */ error) =>
    tell({ refused: whyRefused(error) }),
  );
  socket.on("disconnect", (/** @type {string} */ reason) =>
    tell({ disconnected: reason }),
  );
}

/**
 * Socket.IO 4 gives an Error that may have data, 2 the message or the data.
 *
 * @param {any} error
 */
export function whyRefused(error) {
  if (typeof error === "string") return { message: error };
  if (!(error instanceof Error)) return { data: error };
  const { message, data = null } = /** @type {any} */ (error);
  return { message, data };
}

// Acks are Socket.IO's: values, and no slot for an error.
/** @type {Record<string, (...args: any[]) => void>} */
const hooks = {
  echo: (...args) => args.pop()(args),
  several: (...args) => args.pop()(...args),
  first: (first, ack) => ack(first),
  "größe 雪 🚀": (first, ack) => ack?.(first),
  nothing: (ack) => ack(),
};

/**
 * The commands that every end understands, for the socket of a namespace.
 *
 * @param {(nsp: string) => any} socketOf
 * @returns {Record<string, (...args: any[]) => unknown>}
 */
export function commandsOf(socketOf) {
  /** @type {Record<string, (socket: any, ...args: any[]) => unknown>} */
  const commands = {
    fire: (socket, ...args) => void socket.emit(...args),
    call: async (socket, ...args) => (await callAll(socket, ...args))[0],
    callAll,
    close: (socket) => void socket.disconnect(),
    hangup: (socket) => void socket.disconnect(true),
  };
  const bare = Object.entries(commands).map(([name, command]) => [
    name,
    (/** @type {any[]} */ ...args) => command(socketOf("/"), ...args),
  ]);
  return {
    ...Object.fromEntries(bare),
    in: (nsp, command, ...args) => commands[command](socketOf(nsp), ...args),
  };
}

/**
 * @param {any} socket
 * @param {any[]} args
 * @returns {Promise<unknown[]>} the values of the ack
 */
function callAll(socket, ...args) {
  return new Promise((resolve) =>
    socket.emit(...args, (/** @type {unknown[]} */ ...values) =>
      resolve(values),
    ),
  );
}
