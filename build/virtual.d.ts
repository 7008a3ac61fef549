// The modules that `go run ./build` makes at each build. What they hold is
// described in virtual.go.

declare module "bsock:wasm_exec" {
  /** Go's own class of that name, as far as it is used. */
  export interface Go {
    argv: string[];
    env: Record<string, string>;
    exit: (code: number) => void;
    exited: boolean;
    importObject: WebAssembly.Imports;
    run(instance: WebAssembly.Instance): Promise<void>;
    // The values that Go has, by number, and how often it has each.
    _values: unknown[];
    _goRefCounts: number[];
    _ids: Map<unknown, number>;
  }
  export default function wasmExec(scope: object): new () => Go;
}

declare module "bsock:wasm" {
  const wasm: { gzip: string; size: number; build: string };
  export default wasm;
}

declare module "bsock:build" {
  export const BUILD: string;
  export const EXPECTED: {
    version: string;
    build: string;
    go: string;
    size: number;
    sha256: string;
  };
}
