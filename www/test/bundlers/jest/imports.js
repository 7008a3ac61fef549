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

/** The first action that the middleware has for a store that connects. */
async function connect() {
  const bsockMiddleware = require("bsock-wasm");
  /** @type {any} */
  let handle;
  const first = await new Promise((resolve) => {
    const store = { getState: () => ({}), dispatch: resolve };
    handle = bsockMiddleware()(store)((action) => action);
    handle({ type: "CONNECT_SOCKET", bsock: { port: 1 } });
  });
  handle({ type: "DISCONNECT_SOCKET", bsock: {} }); // or it tries again, for ever
  return first;
}

if (
  typeof WebSocket === "undefined" ||
  typeof DecompressionStream === "undefined"
)
  test("what the environment lacks is told as an error", async () => {
    const { type, payload } = await connect();
    expect(type).toBe("SOCKET_ERROR");
    expect(payload.message).toMatch(/WebSocket|DecompressionStream/);
  });

if (typeof DecompressionStream === "function")
  test("the module runs", () => require("bsock-wasm").load());
