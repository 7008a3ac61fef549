// @ts-check
//
// The main entry, as bPanel's older plugins would ask for it. The option Buffer
// is there to be preferred to the page's own.

/** @type {any} as what is required it is another than as what is imported */
const bsockMiddleware = require("bsock-wasm");
const { run } = require("./run.js");

const OwnBuffer = {
  from(data, offset, length) {
    const bytes = new Uint8Array(data, offset, length);
    return Object.assign(bytes, { kind: "OwnBuffer" });
  },
};

if (bsockMiddleware.default !== bsockMiddleware)
  throw new Error("what is required is not its own default export");
bsockMiddleware.load();
run(bsockMiddleware, { Buffer: OwnBuffer });
