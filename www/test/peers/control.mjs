// @ts-check
//
// How a test in another language steers npm's bsock: one JSON object a line, in
// on stdin and out on stdout.
//
//   in   {"id": 1, "do": "call", "args": ["echo", 1]}   a command of a peer
//   out  {"id": 1, "value": 1}                          its result, or
//        {"id": 1, "error": {"message": …}}             why there is none
//        {"event": "tick", "args": [7]}                 an event that is bound
//        {"failure": {"message": …}}                    what bsock reports
//
// Values are written as in payload.mjs. The process ends with its stdin.

import { createInterface } from "node:readline";
import { digest, make } from "./payload.mjs";

/** @param {object} line */
export function say(line) {
  process.stdout.write(JSON.stringify(line) + "\n");
}

/**
 * Carries out commands until stdin ends.
 *
 * @param {Record<string, (...args: any[]) => unknown>} commands
 */
export async function obey(commands) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, do: name, args = [] } = JSON.parse(line);
    // Not awaited: a call that hangs must not hold up what would answer it.
    answer(id, () => commands[name](.../** @type {any[]} */ (make(args))));
  }
}

/**
 * @param {number} id
 * @param {() => unknown} act
 */
async function answer(id, act) {
  try {
    say({ id, value: digest((await act()) ?? null) });
  } catch (error) {
    say({ id, error: describe(error) });
  }
}

/**
 * Writes an error as bsock puts it on the wire.
 *
 * @param {any} error
 */
export function describe({ message, name, type = null, code = null }) {
  return { message, name, type, code };
}

/**
 * The commands that every end of a connection understands.
 *
 * @param {() => any} socket the Socket they are for
 * @returns {Record<string, (...args: any[]) => unknown>}
 */
export function commandsOf(socket) {
  return {
    fire: (...args) => socket().fire(...args),
    call: (...args) => socket().call(...args),
    close: () => socket().destroy(),
  };
}

/**
 * Reports what a Socket receives, and answers the calls that tests make.
 *
 * @param {any} socket
 * @param {string[]} events
 */
export function serve(socket, events) {
  for (const event of events)
    socket.bind(event, (/** @type {unknown[]} */ ...args) =>
      say({ event, args: digest(args) }),
    );
  for (const [name, hook] of Object.entries(hooks)) socket.hook(name, hook);
  socket.on("error", (/** @type {Error} */ error) =>
    say({ failure: describe(error) }),
  );
  socket.on("close", () => say({ closed: true }));
  socket.on("disconnect", () => say({ disconnected: true }));
}

/** @type {Record<string, (...args: any[]) => unknown>} */
const hooks = {
  auth: (key) => {
    if (key !== "the right key") throw new Error("Bad key.");
    return null;
  },
  echo: (...args) => args,
  first: (first) => first,
  "größe 雪 🚀": (first) => first,
  nothing: () => undefined,
  fail: (message) => {
    throw Object.assign(new TypeError(message), { type: "Hook", code: "E_X" });
  },
};
