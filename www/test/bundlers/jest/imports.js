// @ts-check
//
// The package inside Jest, whatever its environment; testing.js says which.

const { expect, test } = /** @type {any} */ (globalThis);

for (const name of [
  "bsock-wasm",
  "bsock-wasm/external",
  "./node_modules/bsock-wasm/index.js", // what a Jest without "exports" takes
  "./node_modules/bsock-wasm/external.js",
])
  test(`${name} is imported, and passes foreign actions on`, () => {
    const before = Object.getOwnPropertyNames(globalThis);
    const bsockMiddleware = require(name.replace("./", "../"));
    const action = { type: "OTHER" };
    const store = { getState: () => ({}), dispatch: () => {} };
    const handle = bsockMiddleware({ listeners: [] })(store)((each) => each);
    expect(handle(action)).toBe(action);
    expect(Object.getOwnPropertyNames(globalThis)).toEqual(before);
  });

/**
 * What the middleware does first for a store that connects.
 *
 * @returns {Promise<{action: any, disconnect: () => void}>}
 */
function connect() {
  /** @type {any} */
  const bsockMiddleware = require("bsock-wasm");
  return new Promise((resolve) => {
    // Or it would try again, for ever.
    const disconnect = () => handle({ type: "DISCONNECT_SOCKET", bsock: {} });
    const dispatch = (action) => resolve({ action, disconnect });
    const store = { getState: () => ({}), dispatch };
    const handle = bsockMiddleware()(store)((action) => action);
    handle({ type: "CONNECT_SOCKET", bsock: { port: 1 } });
  });
}

if (
  typeof WebSocket === "undefined" ||
  typeof DecompressionStream === "undefined"
)
  test("what the environment lacks is told as an error", async () => {
    const { action, disconnect } = await connect();
    expect(action.type).toBe("SOCKET_ERROR");
    expect(action.payload.message).toMatch(/WebSocket|DecompressionStream/);
    disconnect();
  });

if (typeof DecompressionStream === "function")
  test("the module runs", () => require("bsock-wasm").load());
