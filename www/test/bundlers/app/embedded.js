// @ts-check
//
// The main entry, as an ES module.

import bsockMiddleware from "bsock-wasm";
import { run } from "./run.js";

run(bsockMiddleware);
