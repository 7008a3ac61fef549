// @ts-check
//
// The server of the loopback bench, in a process of its own: it greets as bsock
// does, acknowledges `auth`, and answers "flood" with so many events.

import { WebSocketServer } from "ws";

const event = `42["new block",{"height":200000,"hash":"${"0".repeat(32)}"}]`;

// Enough to keep the socket busy, and not so many that memory fills.
const burst = 200;

const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });

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
 * @param {string} frame
 */
function answer(ws, frame) {
  if (frame === "2") return ws.send("3");
  const [, id, json] = frame.match(/^42(\d*)(.*)$/s) ?? [];
  if (json === undefined) return;
  const [name, count] = JSON.parse(json);
  if (name === "auth") ws.send(`43${id}[null,null]`);
  if (name === "flood") flood(ws, Number(count));
}

/**
 * @param {any} ws
 * @param {number} left
 */
function flood(ws, left) {
  for (let i = 0; i < burst && left > 0; i++, left--) ws.send(event);
  if (left > 0) setImmediate(flood, ws, left);
}
