// @ts-check
// The application around our middleware, with the module inside the bundle.

import bsockMiddleware from "bsock-wasm";
import { start } from "./application.mjs";

start(bsockMiddleware);
