// @ts-check
//
// A store that connects inside Jest, in the environment of Node: it needs a
// WebSocket, and this is the one of ws.

const { expect, test, ws, port } = /** @type {any} */ (globalThis);

test("a store connects, and gets its bytes as a Buffer", async () => {
  globalThis.WebSocket = require(ws);
  /** @type {any} */
  const bsockMiddleware = require("bsock-wasm");
  const listeners = [{ event: "block connect", actionType: "BLOCK" }];
  const seen = [];
  await new Promise((resolve, reject) => {
    const dispatch = (action) => {
      seen.push(action.type);
      if (action.type === "SOCKET_ERROR") reject(action.payload);
      if (action.type === "BLOCK") {
        expect(action.payload).toEqual([Buffer.of(0, 255, 128)]);
        handle({ type: "DISCONNECT_SOCKET", bsock: {} }).then(resolve);
      }
    };
    const store = { getState: () => ({}), dispatch };
    const handle = bsockMiddleware({ listeners })(store)((action) => action);
    handle({ type: "CONNECT_SOCKET", bsock: { host: "127.0.0.1", port } });
  });
  expect(seen).toEqual([
    "SOCKET_STATUS",
    "SOCKET_CONNECTING",
    "SOCKET_STATUS",
    "SOCKET_CONNECTED",
    "BLOCK",
    "SOCKET_STATUS",
    "SOCKET_DISCONNECTED",
  ]);
});
