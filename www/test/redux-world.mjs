// @ts-check
//
// The built middleware in Node, for tests that need a store and no browser: a
// WebSocket with a server behind it that acknowledges whatever it is asked.

import { main as built } from "./built.mjs";
import { FakeWebSocket } from "./bench/fake-websocket.mjs";

/** An EchoWebSocket answers a `dispatch` with its message, and keeps frames. */
export class EchoWebSocket extends FakeWebSocket {
  /** @type {EchoWebSocket[]} all that were made */
  static made = [];
  /** @type {string[]} the text frames that came in */
  frames = [];

  /** @param {string} url */
  constructor(url) {
    super(url);
    EchoWebSocket.made.push(this);
  }

  /** @param {string | ArrayBuffer | ArrayBufferView} data */
  send(data) {
    super.send(data);
    this.frames.push(String(data));
    const [, id, message] =
      /^42(\d+)\["dispatch",("[^"]*")/.exec(String(data)) ?? [];
    if (message) setTimeout(() => this.deliver(`43${id}[null,${message}]`));
  }
}

export { built };

export const connect = built.connectSocket({ host: "localhost", port: 5000 });

/**
 * Waits until there is an action of that type, and returns it.
 *
 * @param {any[]} log
 * @param {string} type
 */
export async function until(log, type) {
  for (let i = 0; i < 500; i++) {
    const found = log.find((action) => action.type === type);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`no ${type} among ${log.map((action) => action.type)}`);
}
