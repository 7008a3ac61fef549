// @ts-check

// Runs the program of a module until its main waits, and writes what it has in
// memory then: a line of JSON with the values of its globals and the size of its
// memory, and then the memory of several runs that differ in their random
// numbers alone.
//
//   node snapshot.mjs MODULE WASM_EXEC PROGRAM
//
// WASM_EXEC is what virtual.go makes of wasm_exec.js, PROGRAM jsbridge/program.js.

import { readFileSync, writeSync } from "node:fs";
import { pathToFileURL } from "node:url";

const RUNS = 4;

/** How many values wasm_exec.js itself gives the program. */
const GIVEN = 7;

const [file, ...sources] = process.argv.slice(2);
const [{ default: wasmExec }, { makeScope, valuesOf }] = await Promise.all(
  sources.map((path) => import(pathToFileURL(path).href)),
);
const compiled = new WebAssembly.Module(readFileSync(file));

console.log = console.error; // what Go says while it dies

// The clock stands still, before all that the program will ever see.
globalThis.Date = /** @type {any} */ (
  class extends Date {
    constructor() {
      super(1);
    }
    static now = () => 1;
  }
);

/** @param {number} seed */
function scopeOf(seed) {
  const scope = makeScope({});
  scope.performance.now = () => 0;
  let next = seed;
  scope.crypto.getRandomValues = (/** @type {Uint8Array} */ bytes) => {
    for (let i = 0; i < bytes.length; i++) {
      bytes[i] = next = (next * 73 + 41) % 251;
    }
  };
  return scope;
}

/** The program may ask a page for nothing: there is none. */
function imports() {
  /** @type {Record<string, () => never>} */
  const none = {};
  for (const { module, name } of WebAssembly.Module.imports(compiled)) {
    if (module !== "gojs") {
      none[name] = () => fail(`it calls ${name} before there is a page`);
    }
  }
  return none;
}

/** @param {string} what @returns {never} */
function fail(what) {
  console.error(
    `The program cannot be put into the module as it runs: ${what}.`,
  );
  process.exit(1);
}

/** @param {number} seed */
async function run(seed) {
  const scope = scopeOf(seed);
  const go = new (wasmExec(scope))();
  go._makeFuncWrapper = () => fail("it has made a function for JavaScript");
  go.importObject.bsock = imports();
  const instance = new WebAssembly.Instance(compiled, go.importObject);
  go.run(instance).catch((/** @type {unknown} */ error) => fail(String(error)));
  await new Promise(setImmediate); // or it would not have failed yet
  const exports = /** @type {any} */ (instance.exports);
  exports.rehearse?.(); // wasm/rehearse.go
  check(go, valuesOf(scope));
  return exports;
}

/**
 * Checks that a page can give back what the program has.
 *
 * @param {any} go
 * @param {unknown[]} values
 */
function check(go, values) {
  if (go.exited) fail("it has ended");
  const held = go._values.slice(GIVEN);
  const same = (/** @type {unknown} */ value, /** @type {number} */ i) =>
    value === values[i] && go._goRefCounts[GIVEN + i] === 1;
  if (go._scheduledTimeouts.size > 0) fail("it waits for a timer");
  if (held.length !== values.length || !held.every(same)) {
    console.error(held);
    fail(
      "it has the values above, each once, and jsbridge/program.js gives it others",
    );
  }
}

const runs = await Promise.all(
  Array.from({ length: RUNS }, (_, i) => run(i + 1)),
);
const memories = runs.map(({ mem }) => Buffer.from(mem.buffer));
const globals = Object.entries(runs[0])
  .filter(([name]) => name.startsWith("global "))
  .map(([, global]) => String(/** @type {any} */ (global).value));
const size = memories[0].length;
if (memories.some(({ length }) => length !== size)) {
  fail("its memory differs in size from run to run");
}
const out = Buffer.concat([
  Buffer.from(JSON.stringify({ globals, size, runs: RUNS }) + "\n"),
  ...memories,
]);
for (let at = 0; at < out.length;) at += writeSync(1, out, at);
process.exit();
