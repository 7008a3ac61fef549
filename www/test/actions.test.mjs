// @ts-check
//
// What the action creators make, to the key: the order of the keys is the order
// on the wire.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

/**
 * @param {string} file
 * @returns {Promise<typeof import("bsock-wasm")>}
 */
const built = (file) =>
  import(new URL(`../dist/${file}`, import.meta.url).href);

const {
  broadcast,
  connectSocket,
  disconnectSocket,
  dispatchCall,
  dispatchCallFor,
  subscribe,
  unsubscribe,
} = await built("index.mjs");

/**
 * What the middleware makes of an action: type, message and the rest.
 *
 * @param {{bsock: Record<string, any>}} action
 */
function wire({ bsock }) {
  const { type, message, acknowledge: _, ...rest } = bsock;
  return [type, message, ...Object.keys(rest).map((key) => rest[key])];
}

test("connectSocket and disconnectSocket", () => {
  const where = { host: "localhost", port: 5000, namespace: "node" };
  const action = connectSocket(where);
  assert.deepEqual(action, { type: "CONNECT_SOCKET", bsock: where });
  where.port = 5001;
  assert.equal(action.bsock.port, 5000, "an action does not change any more");
  assert.deepEqual(disconnectSocket(), {
    type: "DISCONNECT_SOCKET",
    bsock: {},
  });
});

test("broadcast", () => {
  assert.deepEqual(broadcast("watch chain"), {
    type: "EMIT_SOCKET",
    bsock: { type: "broadcast", message: "watch chain" },
  });
});

test("subscribe and unsubscribe", () => {
  for (const [type, create] of /** @type {const} */ ([
    ["subscribe", subscribe],
    ["unsubscribe", unsubscribe],
  ]))
    assert.deepEqual(create("block connect", "new block"), {
      type: "EMIT_SOCKET",
      bsock: {
        type,
        message: "block connect",
        responseEvent: "new block",
      },
    });
});

test("dispatchCall is a call, whether somebody listens or not", () => {
  const acknowledge = () => {};
  const action = dispatchCall("wallet leave", "primary", acknowledge);
  assert.equal(action.type, "EMIT_SOCKET");
  assert.equal(action.bsock.acknowledge, acknowledge);
  assert.deepEqual(wire(action), ["dispatch", "wallet leave", "primary"]);

  const silent = dispatchCall("wallet leave", "primary");
  assert.equal(silent.bsock.acknowledge(1), undefined);
  assert.deepEqual(wire(silent), wire(action));
  assert.deepEqual(wire(dispatchCall("get tip")), ["dispatch", "get tip"]);
});

test("dispatchCallFor has no function in it", () => {
  const action = dispatchCallFor("LEFT", "wallet leave", "primary");
  assert.deepEqual(wire(action), ["dispatch", "wallet leave", "primary"]);
  assert.deepEqual(action.meta, { ack: "LEFT" });
  assert.deepEqual(JSON.parse(JSON.stringify(action)), action);
});

test("arguments keep their order and their gaps, however many", () => {
  const args = Array.from({ length: 30 }, (_, i) => i);
  args.splice(3, 1, /** @type {any} */ (undefined));
  const sent = ["m", ...args];
  assert.deepEqual(wire(broadcast("m", ...args)).slice(1), sent);
  assert.deepEqual(wire(dispatchCall("m", ...args)).slice(1), sent);
  assert.deepEqual(wire(dispatchCallFor("T", "m", ...args)).slice(1), sent);
});

test("every entry has all of them, for require too", async () => {
  const main = await built("index.mjs");
  const require = createRequire(import.meta.url);
  for (const [file, exported] of Object.entries({
    "external.mjs": await built("external.mjs"),
    "index.cjs": require("../dist/index.cjs"),
    "external.cjs": require("../dist/external.cjs"),
  }))
    for (const name of Object.keys(main))
      assert.equal(typeof exported[name], "function", `${name} of ${file}`);
});
