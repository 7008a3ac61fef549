// What TypeScript sees where it does not look at "exports".

import bsockMiddleware, { load, Options } from "bsock-wasm";
import external from "bsock-wasm/external";

const options: Options = { debug: true };
export const middlewares = [bsockMiddleware(options), external(options)];
export const loading: Promise<void> = load();
