// @ts-check

// The package's main entry: the module is embedded, nothing is to be
// configured, and nothing happens before the first action or `load`.

import wasm from "bsock:wasm";

import { messageOf } from "../jsbridge/errors.js";
import { Loader } from "./loader.js";
import { makeFactory } from "./middleware.js";
import { failure } from "./source.js";

const loader = new Loader(unpack);

export const load = loader.load;
export * from "./actions.js";
export { redact } from "./redact.js";
export { socketReducer } from "./reducer.js";
export * from "./selectors.js";

const bsockMiddleware = makeFactory(loader);
export default bsockMiddleware;

/** The embedded module. */
async function unpack() {
  if (typeof DecompressionStream !== "function") {
    throw failure(
      "this browser cannot unpack it, having no DecompressionStream: use bsock-wasm/external, and serve bsock.wasm",
    );
  }
  try {
    const packed = Uint8Array.from(atob(wasm.gzip), (letter) =>
      letter.charCodeAt(0),
    );
    const stream = new Blob([packed])
      .stream()
      .pipeThrough(new DecompressionStream("gzip"));
    return await new Response(stream).arrayBuffer();
  } catch (error) {
    throw failure(
      `the copy inside the package's JavaScript is damaged (${messageOf(error)}): install bsock-wasm again, build the page again, and have nothing on the way change the file`,
    );
  }
}
