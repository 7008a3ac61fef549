// @ts-check
//
// A store that connects inside Jest, in the environment of a page: jsdom lacks
// what the module is unpacked with, and the store is told.

const { expect, test } = /** @type {any} */ (globalThis);

test("what the environment lacks is told as an error", async () => {
  /** @type {any} */
  const bsockMiddleware = require("bsock-wasm");
  const { type, payload } = await new Promise((resolve) => {
    const store = { getState: () => ({}), dispatch: resolve };
    const handle = bsockMiddleware()(store)((action) => action);
    handle({ type: "CONNECT_SOCKET", bsock: { port: 1 } });
  });
  expect(type).toBe("SOCKET_ERROR");
  expect(payload.code).toBe("LOAD_FAILED");
  expect(payload.message).toContain("DecompressionStream");
});
