// @ts-check
// The application around bsock-middleware 1.1.5.

import bsockMiddleware from "bsock-middleware";
import { start } from "./application.mjs";

start(bsockMiddleware);
