// @ts-check
//
// Imports the package in every way that Node has, loads each of these copies,
// and prints what that did: how often WebAssembly was asked for anything before
// load, and which globals are new. Run by Node, and in a worker.

const asked = [];
for (const name of ["compile", "compileStreaming", "instantiate"]) {
  const real = WebAssembly[name];
  WebAssembly[name] = (...args) => {
    asked.push(name);
    return real.apply(WebAssembly, args);
  };
}

const foreign = { type: "OTHER" };
const store = { getState: () => ({}), dispatch: (action) => action };
const takes = (factory) => factory()(store)((action) => action);

(async () => {
  const before = new Set(Object.getOwnPropertyNames(globalThis));
  const embedded = await import("bsock-wasm");
  const external = await import("bsock-wasm/external");
  /** @type {any[]} */
  const required = [require("bsock-wasm"), require("bsock-wasm/external")];
  const factories = [embedded.default, external.default, ...required];
  const passed = factories.map((each) => takes(each)(foreign) === foreign);
  const lazily = asked.length;

  const wasm = require("node:fs").readFileSync(
    require.resolve("bsock-wasm/bsock.wasm"),
  );
  await embedded.load();
  await external.load({ wasm });
  await required[0].load();
  await required[1].load({ wasm: await WebAssembly.compile(wasm) });
  const added = Object.getOwnPropertyNames(globalThis);
  console.log(
    JSON.stringify({
      passed,
      lazily,
      added: added.filter((name) => !before.has(name)),
    }),
  );
})();
