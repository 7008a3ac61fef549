// @ts-check
//
// No bundler at all: the package's own files, as a module.

// @ts-ignore: an address of the site, which is of no file here
import bsockMiddleware from "/package/index.mjs";
import { run } from "./run.js";

run(bsockMiddleware);
