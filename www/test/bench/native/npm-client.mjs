// @ts-check
//
// npm's bsock as the client that is measured. Each answer is how long it took,
// in seconds.
//
//   node --expose-gc npm-client.mjs

import bsock from "bsock";
import { event, eventName, now, obey } from "./command.mjs";

/** @type {any} */
let socket;
let left = 0;
let done = () => {};

/**
 * @param {() => Promise<unknown>} act
 * @returns {Promise<number>}
 */
async function timed(act) {
  const begin = now();
  await act();
  return (now() - begin) / 1e9;
}

// So many events are fired before the loop gets to send them.
const atOnce = 1000;

await obey({
  async connect({ url }) {
    const { hostname, port } = new URL(url);
    socket = bsock.connect(Number(port), hostname);
    socket.bind(eventName, (/** @type {any} */ { height }) => {
      if (height !== 200000) throw new Error("this is not what was sent");
      if (--left === 0) done();
    });
    await new Promise((resolve) => socket.on("connect", resolve));
  },

  receive: ({ count, size }) =>
    timed(async () => {
      left = count;
      /** @type {Promise<void>} */
      const all = new Promise((resolve) => (done = resolve));
      socket.fire("send", count, size);
      await all;
    }),

  // It is over when the server has seen all: it answers what came after.
  fire: ({ count }) =>
    timed(async () => {
      for (let i = 1; i <= count; i++) {
        socket.fire(eventName, event());
        if (i % atOnce === 0) await new Promise(setImmediate);
      }
      await socket.call("echo");
    }),

  calls: ({ count, inFlight }) =>
    timed(async () => {
      let next = 0;
      const caller = async () => {
        while (next++ < count) await socket.call("echo", event());
      };
      await Promise.all(Array.from({ length: inFlight }, caller));
    }),
});
process.exit();
