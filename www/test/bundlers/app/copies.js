// @ts-check
//
// Copies of the package in one page, one of another build, and beside them
// another Go program. The globals
// that Go's wasm_exec.js has put there belong to that program: whoever else
// looks at them is written down.

// @ts-ignore: an address of the site, which is of no file here
import embedded from "/package/index.mjs";
// @ts-ignore: as above
import external, { load } from "/package/external.mjs";
// @ts-ignore: as above
import * as older from "/older/external.mjs";
import { run } from "./run.js";

const page = /** @type {any} */ (globalThis);
const go = new page.Go();
const { instance } = await WebAssembly.instantiateStreaming(
  fetch("/other/main.wasm"),
  go.importObject,
);
go.run(instance);

/** @type {string[]} */
const touched = [];
for (const name of ["Go", "fs", "process", "path"]) {
  const value = page[name];
  Object.defineProperty(page, name, {
    get() {
      touched.push(name);
      return value;
    },
    set() {
      touched.push(`${name}, to be another`);
    },
  });
}

// The module of one build is not for the other.
const mismatch = await older
  .load({ wasm: "/package/bsock.wasm" })
  .catch((error) => error.code);
older.load({ wasm: "/older/bsock.wasm" });
load({ wasm: "/package/bsock.wasm" });
const apps = [embedded, external, page.bsockMiddleware, older.default].map(
  (each) => run(each),
);
page.copies = { apps, touched, mismatch };
