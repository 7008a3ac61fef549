// @ts-check
// The application around our middleware, with the module beside the bundle.

import bsockMiddleware, { load } from "bsock-wasm/external";
import { start } from "./application.mjs";

load({ wasm: "/bsock.wasm" });
start(bsockMiddleware);
