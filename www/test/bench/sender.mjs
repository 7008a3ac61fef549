// @ts-check
//
// The server of the loopback bench, in a process of its own: it greets as bsock
// does, acknowledges `auth`, and answers "flood KIND" with so many events.
//
// It shares two cores with the browser, so it must cost next to nothing: frames
// are made once, and many go to the socket in one write, past the library.

import { WebSocketServer } from "ws";
import { binary, binaryHead, large, small } from "./messages.mjs";

/** @typedef {import("node:net").Socket} Socket */

/**
 * A frame as a server sends it: final, not masked.
 *
 * @param {number} opcode
 * @param {Uint8Array} payload
 */
function frame(opcode, payload) {
  const { length } = payload;
  const head = length < 126 ? [length] : [126, length >> 8, length & 0xff]; // nothing here is 64 KB long
  return Buffer.concat([Buffer.from([0x80 | opcode, ...head]), payload]);
}

/** @param {string} message */
function text(message) {
  return frame(1, Buffer.from(message));
}

const head = text(binaryHead);

const singles = {
  "75b": small.map(text),
  "10kb": large.map(text),
  "1kb-binary": binary.map((bytes) =>
    Buffer.concat([head, frame(2, new Uint8Array(bytes))]),
  ),
};

/** @type {Record<string, Buffer[]>} the events of each kind, in their order */
const kinds = {
  ...singles,
  mix: singles["75b"].flatMap((each, i) => [
    each,
    singles["10kb"][i],
    singles["1kb-binary"][i],
  ]),
};

/** How much goes to the socket at once, in bytes. */
const most = 64 * 1024;

/**
 * @param {Socket} socket
 * @param {Buffer[]} events
 * @param {number} left
 */
async function flood(socket, events, left) {
  let next = 0;
  while (left > 0) {
    const batch = [];
    for (let size = 0; left > 0 && size < most; left--) {
      const event = events[next++ % events.length];
      batch.push(event);
      size += event.length;
    }
    if (!socket.write(Buffer.concat(batch)))
      await new Promise((resolve) => socket.once("drain", resolve));
  }
}

const server = new WebSocketServer({
  host: "127.0.0.1",
  port: 0,
  perMessageDeflate: false,
});

server.on("listening", () =>
  console.log(JSON.stringify({ listening: server.address().port })),
);

server.on("connection", (/** @type {any} */ ws) => {
  ws.send(
    '0{"sid":"0","upgrades":[],"pingInterval":25000,"pingTimeout":60000}',
  );
  ws.send("40");
  ws.on("message", (/** @type {Buffer} */ data) => answer(ws, String(data)));
});

/**
 * @param {any} ws
 * @param {string} said
 */
function answer(ws, said) {
  if (said === "2") return ws.send("3");
  const [, id, json] = said.match(/^42(\d*)(.*)$/s) ?? [];
  if (json === undefined) return;
  const [name, count] = JSON.parse(json);
  if (name === "auth") ws.send(`43${id}[null,null]`);
  const kind = name.replace(/^flood /, "");
  if (kind in kinds) void flood(ws._socket, kinds[kind], Number(count));
}
