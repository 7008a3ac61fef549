// @ts-check
//
// Rewrites the script on its standard input in ES5, on its standard output. Its
// one argument is where TypeScript is. lower.go runs it.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { default: ts } = await import(pathToFileURL(process.argv[1]).href);

const { outputText } = ts.transpileModule(readFileSync(0, "utf8"), {
  fileName: "bsock-wasm.js",
  compilerOptions: {
    allowJs: true,
    target: ts.ScriptTarget.ES5,
    module: ts.ModuleKind.None,
    // Or a spread and a loop would take a Set for an array.
    downlevelIteration: true,
  },
});
writeFileSync(1, outputText);
