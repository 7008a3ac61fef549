// @ts-check

// The Go program of the module. It has run already, when the module was built,
// up to where its main waits for ever: build/wasmbuild/snapshot.go has put into
// the module what it had in memory then. Left to do in a page is what a memory
// cannot hold: the JavaScript values that the program has, and randomness.

/**
 * What the module says of itself, in a section of its own.
 *
 * @typedef {object} About
 * @property {string} build the id of the build
 * @property {[place: number, size: number][]} random where in memory, and how
 *   many bytes, random numbers are made from
 */

/** @typedef {{options?: unknown, problem?: string}} Meeting */

/**
 * What the program takes for the global object: its own, so that what
 * wasm_exec.js defines there stays out of the page.
 *
 * @param {Meeting} meeting where module and loader meet: see create.go
 */
export function makeScope(meeting) {
  return {
    Object,
    Array,
    Uint8Array,
    Date,
    Error,
    TextEncoder,
    TextDecoder,
    // Their methods insist on the object they came with.
    crypto: {
      getRandomValues: (/** @type {Uint8Array<ArrayBuffer>} */ bytes) =>
        crypto.getRandomValues(bytes),
    },
    performance: { now: () => performance.now() },
    bsock: meeting,
  };
}

/**
 * The values that the program has since it ran, in the order in which it got
 * them: those of the packages syscall/js and syscall, then the meeting place.
 * The build fails if they are others.
 *
 * @param {any} scope with what wasm_exec.js has put there
 * @returns {unknown[]}
 */
export function valuesOf({
  Object,
  Array,
  process,
  path,
  fs,
  Uint8Array,
  bsock,
}) {
  return [Object, Array, process, path, fs, fs.constants, Uint8Array, bsock];
}

/**
 * @param {WebAssembly.Module} compiled
 * @returns {About | null} null if the module is not of this package
 */
export function aboutOf(compiled) {
  const [section] = WebAssembly.Module.customSections(compiled, "bsock");
  return section ? JSON.parse(new TextDecoder().decode(section)) : null;
}

/**
 * Has the program go on in a page.
 *
 * @param {import("bsock:wasm_exec").Go} go
 * @param {WebAssembly.Instance} instance
 * @param {ReturnType<typeof makeScope>} scope
 * @param {About} about
 * @returns {Promise<void>} settled when the program has ended
 */
export function goOn(go, instance, scope, about) {
  const exports = { ...instance.exports, run() {} }; // it has run
  const ended = go.run(
    Object.create(instance, { exports: { value: exports } }),
  );
  for (const value of valuesOf(scope)) {
    go._ids.set(value, go._values.length);
    go._values.push(value);
    go._goRefCounts.push(1);
  }
  const { buffer } = /** @type {WebAssembly.Memory} */ (instance.exports.mem);
  for (const [place, size] of about.random) {
    crypto.getRandomValues(new Uint8Array(buffer, place, size));
  }
  return ended;
}

/**
 * Makes the Go half of a store.
 *
 * @param {any} exports of the module
 * @param {Meeting} meeting
 * @param {unknown} options
 * @returns {string | null} what is wrong with them
 */
export function createStore(exports, meeting, options) {
  meeting.options = options;
  try {
    return exports.createStore() ? null : String(meeting.problem);
  } finally {
    meeting.options = meeting.problem = undefined;
  }
}
