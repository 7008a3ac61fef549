// @ts-check
//
// npm's bsock as the server that is measured: it echoes calls, and broadcasts.
//
//   node --expose-gc npm-server.mjs

import { createServer } from "node:http";
import bsock from "bsock";
import { event, eventName, obey } from "./command.mjs";

const http = createServer();
const server = bsock.attach(http);

server.on("socket", (/** @type {any} */ socket) => {
  socket.hook("echo", (/** @type {unknown} */ value) => value);
  socket.on("error", () => {}); // the herd leaves without a word
  socket.join("all");
});

await new Promise((resolve) =>
  http.listen(0, "127.0.0.1", 4096, () => resolve(undefined)),
);
const { port } = /** @type {import("node:net").AddressInfo} */ (http.address());

const fire = () => server.to("all", eventName, event());

await obey({
  listen: () => `ws://127.0.0.1:${port}`,
  fire({ count }) {
    for (let i = 0; i < count; i++) fire();
  },
  pace: ({ count, every }) =>
    new Promise((resolve) => {
      const timer = setInterval(() => {
        fire();
        if (--count > 0) return;
        clearInterval(timer);
        resolve(undefined);
      }, every);
    }),
  sockets: () => server.sockets.size,
});
process.exit();
