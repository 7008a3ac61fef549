// @ts-check
//
// The package inside Jest, whatever its environment.

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
