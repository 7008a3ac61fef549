// @ts-check
//
// The other entry where the bundler serves bsock.wasm: it finds the file by
// this very expression, and puts its address there.

import bsockMiddleware, { load } from "bsock-wasm/external";
import { run } from "./run.js";

load({ wasm: new URL("bsock-wasm/bsock.wasm", import.meta.url) });
run(bsockMiddleware);
