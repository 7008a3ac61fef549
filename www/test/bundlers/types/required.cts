// What a CommonJS module of TypeScript sees: the module is the factory.

import bsockMiddleware = require("bsock-wasm");
import external = require("bsock-wasm/external");

const options: bsockMiddleware.Options = { debug: true };
export const middleware: bsockMiddleware.SocketMiddleware =
  bsockMiddleware(options);
export const loading: Promise<void> = external.load({ wasm: "/bsock.wasm" });
export const same: typeof bsockMiddleware = bsockMiddleware.default;
