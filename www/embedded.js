// @ts-check

// The module that is inside the package's JavaScript: gzip in base64, on its
// way to the engine. Nothing of it waits for the whole: the engine compiles
// what has come, on threads of its own, while the rest is unpacked on this one,
// and the page has its turn between the pieces.

import wasm from "bsock:wasm";

import { messageOf } from "../jsbridge/errors.js";
import { compile, failure } from "./source.js";
import { turn } from "./turn.js";

/**
 * How much is unpacked at once, in bytes: 2 to 3 ms of work. As one piece, or
 * read from a Blob, it takes a quarter longer, with the engine waiting for it.
 */
const PIECE = 1 << 17;

const ORIGIN = {
  name: "the copy inside the package's JavaScript",
  remedy:
    ": install bsock-wasm again, build the page again, and have nothing on the way change the file",
};

/** @returns {Promise<WebAssembly.Module>} */
export async function compileEmbedded() {
  return compile(unpack(), ORIGIN);
}

/** @returns {Response} the module, as if a server had sent it */
function unpack() {
  if (typeof DecompressionStream !== "function") {
    throw failure(
      "this browser cannot unpack it, having no DecompressionStream: use bsock-wasm/external, and serve bsock.wasm",
    );
  }
  const stream = streamOf(decoded()).pipeThrough(
    /** @type {ReadableWritablePair<any, any>} */ (
      new DecompressionStream("gzip")
    ),
  );
  const headers = { "Content-Type": "application/wasm" };
  return new Response(stream, { headers });
}

/** The packed bytes. */
function decoded() {
  try {
    return bytesOf(wasm.gzip);
  } catch (error) {
    throw failure(
      `${ORIGIN.name} is damaged (${messageOf(error)})${ORIGIN.remedy}`,
    );
  }
}

/**
 * What newer engines do in 1 ms and a loop does in 8, Uint8Array.from does in
 * 75, calling a function for each byte.
 *
 * @param {string} base64
 * @returns {Uint8Array}
 */
function bytesOf(base64) {
  const { fromBase64 } = /** @type {any} */ (Uint8Array);
  if (typeof fromBase64 === "function") {
    return fromBase64.call(Uint8Array, base64);
  }
  const letters = atob(base64);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) {
    bytes[i] = letters.charCodeAt(i);
  }
  return bytes;
}

/** @param {Uint8Array} bytes */
function streamOf(bytes) {
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      controller.enqueue(bytes.subarray(at, (at += PIECE)));
      if (at >= bytes.length) {
        controller.close();
      }
      await turn();
    },
  });
}
