// @ts-check

// From what `load` is given to a compiled module, or to an error that says what
// came instead and what to do.

import { forbidden, makeError, messageOf } from "../jsbridge/errors.js";

/**
 * @typedef {string | URL | Response | ArrayBuffer | ArrayBufferView |
 *   WebAssembly.Module} Source
 */

/**
 * What an error calls the bytes, and what to do about them.
 *
 * @typedef {{name: string, remedy: string}} Origin
 */

/** The first four bytes of every module. */
const MAGIC = [0x00, 0x61, 0x73, 0x6d];

/**
 * Compiles the module. Throws an Error of code LOAD_FAILED, or CSP_BLOCKED.
 *
 * @param {Source | PromiseLike<Source>} wasm
 * @param {Origin} [origin] of what cannot name itself
 * @returns {Promise<WebAssembly.Module>}
 */
export async function compile(wasm, origin) {
  if (typeof WebAssembly !== "object") {
    throw failure(
      "there is no WebAssembly here: the browser is too old, or has it switched off, as Lockdown Mode does",
    );
  }
  const source = await settled(wasm);
  if (source instanceof WebAssembly.Module) {
    return source;
  }
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) {
    return compileBytes(source, origin ?? named("what load was given"));
  }
  if (typeof Response === "function" && source instanceof Response) {
    return compileResponse(source, origin);
  }
  if (typeof source === "string" || source instanceof URL) {
    return compileResponse(await request(source));
  }
  throw failure(
    `load({ wasm }) takes a URL, a Response, bytes or a WebAssembly.Module, got ${typeof source}`,
  );
}

/** @param {Source | PromiseLike<Source>} wasm */
async function settled(wasm) {
  try {
    return await wasm;
  } catch (error) {
    throw failure(`it could not be fetched: ${messageOf(error)}`);
  }
}

/** @param {string | URL} url */
async function request(url) {
  try {
    return await fetch(url, { credentials: "same-origin" });
  } catch (error) {
    throw failure(
      `${url} could not be fetched (${messageOf(error)}): is the address right, the server up, and allowed by the page's connect-src?`,
    );
  }
}

/**
 * @param {Response} response
 * @param {Origin} [origin]
 */
async function compileResponse(
  response,
  origin = named(response.url || "the Response"),
) {
  if (!response.ok) {
    throw failure(
      `${origin.name} was answered with ${response.status} ${response.statusText}`.trim(),
    );
  }
  const type = (response.headers.get("Content-Type") ?? "").split(";")[0];
  // Only what is streamed is compiled while it comes, and is kept by a browser
  // in compiled form for the next visit.
  if (type === "application/wasm" && WebAssembly.compileStreaming) {
    try {
      return await WebAssembly.compileStreaming(response);
    } catch (error) {
      throw uncompiled(error, origin);
    }
  }
  // Any other type is as good, if the bytes are: many servers know no better.
  const bytes = await response.arrayBuffer().catch((error) => {
    throw failure(`${origin.name} broke off: ${messageOf(error)}`);
  });
  const sent = `${origin.name}, sent as ${type || "no type at all"},`;
  return compileBytes(bytes, { ...origin, name: sent });
}

/**
 * @param {ArrayBuffer | ArrayBufferView} data
 * @param {Origin} origin
 */
async function compileBytes(data, origin) {
  const bytes = ArrayBuffer.isView(data)
    ? new Uint8Array(
        /** @type {ArrayBuffer} */ (data.buffer),
        data.byteOffset,
        data.byteLength,
      )
    : new Uint8Array(data);
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) {
    throw failure(`${origin.name} ${described(bytes)}${origin.remedy}`);
  }
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw uncompiled(error, origin);
  }
}

/** @param {Uint8Array} bytes that are no module */
function described(bytes) {
  if (bytes.length === 0) {
    return "is empty";
  }
  const start = new TextDecoder().decode(bytes.subarray(0, 64)).trimStart();
  if (start.startsWith("<")) {
    return "is a page of HTML, not WebAssembly: a server that answers every address with its index page does that, so the address is wrong";
  }
  return `is no WebAssembly: it begins with ${JSON.stringify(start.slice(0, 16))}`;
}

/**
 * @param {unknown} error of the engine
 * @param {Origin} origin
 */
function uncompiled(error, { name, remedy }) {
  const what = `${name} could not be compiled, it may be damaged`;
  return forbidden(error) ?? failure(`${what} (${messageOf(error)})${remedy}`);
}

/**
 * @param {string} name
 * @returns {Origin}
 */
function named(name) {
  return { name, remedy: "" };
}

/** @param {string} what */
export function failure(what) {
  return makeError({
    message: `bsock.wasm could not be loaded: ${what}.`,
    code: "LOAD_FAILED",
  });
}
