// @ts-check
//
// The packed package as its two inspectors and TypeScript see it: publint looks
// at the manifest and the files, attw at the types for every way of importing.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { Workshop } from "./bundlers/workshop.mjs";

const workshop = new Workshop();
const modules = fileURLToPath(new URL("node_modules/", import.meta.url));

before(() => workshop.open());
after(() => workshop.close());

/**
 * Runs a program of this folder's packages, and returns all it said if it was
 * not satisfied.
 *
 * @param {string} name
 * @param {string[]} args
 * @returns {Promise<string>}
 */
function complaints(name, args) {
  const program = join(modules, ".bin", name);
  return new Promise((resolve) =>
    execFile(program, args, { cwd: workshop.folder }, (error, stdout, stderr) =>
      resolve(error ? `${error.message}\n${stdout}${stderr}` : ""),
    ),
  );
}

test("publint has nothing to say", async () => {
  const pkgDir = join(workshop.folder, "node_modules", "bsock-wasm");
  const { messages, pkg } = await publint({
    pkgDir,
    strict: true,
    pack: false,
  });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, /** @type {any} */ (pkg))),
    [],
  );
});

test("the types are right for every way of importing", async () => {
  // The module is a file to point at: TypeScript imports no such thing.
  const except = ["--exclude-entrypoints", "./bsock.wasm"];
  assert.equal(await complaints("attw", [workshop.tarball, ...except]), "");
});

test("TypeScript takes what it finds", async () => {
  const from = fileURLToPath(new URL("bundlers/types/", import.meta.url));
  const to = join(workshop.folder, "types");
  await cp(from, to, { recursive: true });
  const file = (/** @type {string} */ name) => join(to, name);
  const strict = ["--noEmit", "--strict", "--target", "es2020"];
  const lib = ["--lib", "es2023,dom"];
  const exported = [file("required.cts"), file("imported.mts")];
  assert.equal(
    await complaints("tsc", [
      ...strict,
      ...lib,
      "--module",
      "node16",
      ...exported,
    ]),
    "",
  );
  const older = ["--module", "commonjs", "--moduleResolution", "node10"];
  assert.equal(
    await complaints("tsc", [...strict, ...lib, ...older, file("older.ts")]),
    "",
  );
});
