// @ts-check
//
// The other entry, as an ES module: the page serves bsock.wasm.

import bsockMiddleware, { load } from "bsock-wasm/external";
import { run } from "./run.js";

load({ wasm: "/bsock.wasm" });
run(bsockMiddleware);
