// @ts-check
//
// The two servers behind the pages: our app server, as `serve` runs it, and a
// real hsd node on regtest, in memory.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Program } from "./process.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const binary = fileURLToPath(
  new URL("../../.cache/test/build", import.meta.url),
);

/** @type {Promise<unknown> | undefined} */
let built;

// One binary for the whole run, instead of a `go run` for each server: a signal
// to `go run` leaves its child behind.
function buildOnce() {
  built ??= promisify(execFile)("go", ["build", "-o", binary, "./build"], {
    cwd: root,
  });
  return built;
}

/**
 * Starts `go run ./build serve` on a free port.
 *
 * @param {Record<string, string>} env NODE_URL, API_KEY and the like; without
 *   NODE_URL the simulated node is behind it
 * @returns {Promise<{url: URL, program: Program}>}
 */
export async function startApp(env = {}) {
  await buildOnce();
  const program = new Program(binary, ["serve"], {
    cwd: root,
    env: { ADDR: "127.0.0.1:0", ...env },
  });
  const url = await program.line("its URL", (line) =>
    line.match(/http:\/\/[\w.:[\]]+/)?.at(0),
  );
  return { url: new URL(url), program };
}

/**
 * A Node is a running hsd; `program` takes the commands of build/hsd/control.mjs.
 *
 * @typedef {object} Node
 * @property {string} node
 * @property {string} nodeKey
 * @property {string} wallet
 * @property {string} walletKey
 * @property {Program} program
 */

/** @returns {Promise<Node>} */
export async function startHsd() {
  const program = new Program("node", ["build/hsd/hsd.mjs"], { cwd: root });
  const line = await program.line("where it listens", (text) =>
    text.startsWith("{") ? JSON.parse(text) : undefined,
  );
  return { ...line, program };
}

/**
 * What startApp needs to stand before a node.
 *
 * @param {Node} node
 * @returns {Record<string, string>}
 */
export function upstreamOf({ node, nodeKey, wallet, walletKey }) {
  return {
    NODE_URL: node,
    NODE_API_KEY: nodeKey,
    WALLET_URL: wallet,
    WALLET_API_KEY: walletKey,
  };
}
