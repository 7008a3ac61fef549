// @ts-check
//
// The package where there is no page: Node, a worker of Node, Jest. It can be
// imported everywhere, and does nothing until it is told to.

import assert from "node:assert/strict";
import { cp, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { meet } from "./bundlers/stand.mjs";
import { Workshop } from "./bundlers/workshop.mjs";
import { NpmServer } from "./npm-server.mjs";

const workshop = new Workshop();
const server = new NpmServer();
const here = fileURLToPath(new URL("bundlers/", import.meta.url));
const require = createRequire(join(here, "package.json"));

before(async () => {
  await workshop.open();
  await server.open();
  server.onSocket = meet;
});
after(async () => {
  await server.close();
  await workshop.close();
});

/** What lazy.js must say: nothing happened before load, and no global is new. */
const lazy = { passed: [true, true, true, true], lazily: 0, added: [] };

test("Node imports it in every way, and ends by itself", async () => {
  const text = await readFile(join(here, "lazy.js"), "utf8");
  const { stdout } = await workshop.node(["--eval", text]);
  assert.deepEqual(JSON.parse(stdout), lazy);
});

test("a worker imports it in every way, and ends by itself", async () => {
  const text = await readFile(join(here, "lazy.js"), "utf8");
  const start = `new (require("node:worker_threads").Worker)(${JSON.stringify(text)}, { eval: true })`;
  const { stdout } = await workshop.node(["--eval", start]);
  assert.deepEqual(JSON.parse(stdout), lazy);
});

test("Jest imports it, with and without a page", async () => {
  const folder = join(workshop.folder, "jest");
  await cp(join(here, "jest"), folder, { recursive: true });
  const projects = ["node", "jsdom"].map((name) => ({
    displayName: name,
    rootDir: folder,
    testMatch: ["**/imports.js", `**/${name}.js`],
    testEnvironment: require.resolve(`jest-environment-${name}`),
    globals: { ws: require.resolve("ws"), port: Number(server.url.port) },
    transform: {},
  }));
  const config = JSON.stringify({ projects });
  const { stderr } = await workshop.node([
    require.resolve("jest/bin/jest"),
    "--config",
    config,
    "--rootDir",
    folder,
  ]);
  assert.match(stderr, /Test Suites: 4 passed, 4 total/);
  assert.doesNotMatch(stderr, /did not exit/);
});
