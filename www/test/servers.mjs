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
  new URL("../../.cache/bin/build", import.meta.url),
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

/**
 * Starts a node, or starts one again where another was: `again` is that one.
 *
 * @param {Node} [again]
 * @param {string[]} [flags] more of what build/hsd/hsd.mjs understands
 * @returns {Promise<Node>}
 */
export async function startHsd(again, flags = []) {
  const args = again
    ? ["--node-port", portOf(again.node), "--wallet-port", portOf(again.wallet)]
    : [];
  args.push(...flags);
  const keys = again && {
    NODE_API_KEY: again.nodeKey,
    WALLET_API_KEY: again.walletKey,
  };
  const program = new Program("node", ["build/hsd/hsd.mjs", ...args], {
    cwd: root,
    env: keys,
  });
  const line = await program.line("where it listens", (text) =>
    text.startsWith("{") ? JSON.parse(text) : undefined,
  );
  // It does not print keys that were given to it.
  return {
    nodeKey: again?.nodeKey,
    walletKey: again?.walletKey,
    ...line,
    program,
  };
}

/** @param {string} url */
function portOf(url) {
  return new URL(url).port;
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
