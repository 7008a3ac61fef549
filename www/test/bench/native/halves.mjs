// @ts-check
//
// The programs of the suite: ours in Go, npm's bsock on Node, and what measures
// both. They are steered by the same commands, and each is a process of its own.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Program } from "../../process.mjs";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const binary = `${root}.cache/bin/nativebench`;

export const peerName = "npm bsock 0.1.11";
export const group = "native, beside npm's bsock on Node";

/** Makes the Go half. */
export function build() {
  execFileSync("go", ["build", "-o", binary, "./build/nativebench"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** @param {string} role server, client, bare, callers, neutral or herd */
export function ours(role) {
  return new Program(binary, [role]);
}

/** @param {string} role server or client */
export function npms(role) {
  const file = fileURLToPath(new URL(`npm-${role}.mjs`, import.meta.url));
  return new Program(process.execPath, ["--expose-gc", file]);
}

/**
 * The allocations of Go benchmarks, by name.
 *
 * @param {string} bench which of them, as a pattern
 * @returns {Record<string, number>}
 */
export function allocations(bench) {
  const text = execFileSync(
    "go",
    [
      ...["test", "-run", "^$", "-bench", bench, "-benchmem"],
      ...["-benchtime", "20000x", "./bsock", "./bsock/native"],
    ],
    { cwd: root, encoding: "utf8" },
  );
  const found = text.matchAll(/^Benchmark(\S+?)(?:-\d+)?\s.*?(\d+) allocs/gm);
  return Object.fromEntries([...found].map(([, k, n]) => [k, Number(n)]));
}
