// What an ES module of TypeScript sees.

import bsockMiddleware, { load, type Options } from "bsock-wasm";
import external from "bsock-wasm/external";

const options: Options = { debug: true };
export const middlewares = [bsockMiddleware(options), external(options)];
export const loading: Promise<void> = load();
