// Starts the module as a page would, and tells what it saw.
import wasmExec from "bsock:wasm_exec";
import wasm from "bsock:wasm";
import { BUILD } from "bsock:build";
import { imports } from "../jsbridge/imports.js";

export default function factory() {
  return "index";
}

const borrowed =
  "Object Array Uint8Array crypto performance TextEncoder TextDecoder";

export async function load() {
  const scope = Object.create(null);
  for (const name of borrowed.split(" ")) scope[name] = globalThis[name];
  const printed = [];
  scope.fs = {
    constants: {},
    writeSync(fd, bytes) {
      printed.push(new TextDecoder().decode(bytes));
      return bytes.length;
    },
  };
  const go = new (wasmExec(scope))();
  Object.assign(go.importObject, imports);
  const packed = Buffer.from(wasm.gzip, "base64");
  const stream = new Blob([packed])
    .stream()
    .pipeThrough(new DecompressionStream("gzip"));
  const bytes = await new Response(stream).arrayBuffer();
  const { instance } = await WebAssembly.instantiate(bytes, go.importObject);
  go.run(instance);
  return {
    size: bytes.byteLength,
    promised: { size: wasm.size, build: wasm.build, script: BUILD },
    told: scope.told,
    sum: instance.exports.addOne(41),
    printed: printed.join(""),
  };
}
