// Starts the module as a page would, and tells what it saw.
import wasmExec from "bsock:wasm_exec";
import wasm from "bsock:wasm";
import { BUILD } from "bsock:build";
import { imports } from "../jsbridge/imports.js";
import { aboutOf, goOn, makeScope } from "../jsbridge/program.js";

export default function factory() {
  return "index";
}

export async function load() {
  const scope = makeScope({});
  const go = new (wasmExec(scope))();
  Object.assign(go.importObject, imports);
  const packed = Buffer.from(wasm.gzip, "base64");
  const stream = new Blob([packed])
    .stream()
    .pipeThrough(new DecompressionStream("gzip"));
  const bytes = await new Response(stream).arrayBuffer();
  const compiled = await WebAssembly.compile(bytes);
  const instance = await WebAssembly.instantiate(compiled, go.importObject);
  goOn(go, instance, scope);
  return {
    size: bytes.byteLength,
    promised: { size: wasm.size, build: wasm.build, script: BUILD },
    told: aboutOf(compiled).build,
    sums: [instance.exports.addOne(41), scope.bsock.told],
    printed: scope.printed.join(""),
  };
}
