// @ts-check
//
// Packs its standard input in gzip, on its standard output, without a time in
// it. Its one argument is where 7z-wasm is. compress.go runs it.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { default: SevenZip } = await import(pathToFileURL(process.argv[1]).href);

const log = console.error;
const zip = await SevenZip({ print: log, printErr: log });
zip.FS.writeFile("in", readFileSync(0));
zip.FS.utime("in", 0, 0);
const status = zip.callMain(["a", "-tgzip", "-mx=9", "-bso0", "out.gz", "in"]);
if (status !== 0) throw new Error(`7-Zip ended with ${status}`);
writeFileSync(1, zip.FS.readFile("out.gz"));
