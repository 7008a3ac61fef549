#!/usr/bin/env node
// @ts-check
// Runs a real hsd regtest node until it is told to stop: by a signal, by a
// `stop` command, or by the end of its standard input, so that it never outlives
// the program that started it. control.mjs says which commands there are.
//
//   node hsd.mjs [--node-port N] [--wallet-port N] [--blocks N] [--mine SECONDS]
//               [--journal FILE]
//
// With a journal it starts with the chain and the wallets that the file holds,
// and writes there what comes to them.
//
// When it is ready it prints one line:
//
//   {"node":"http://127.0.0.1:PORT","nodeKey":"…","wallet":"http://127.0.0.1:PORT","walletKey":"…"}
//
// The keys in it are random and made for this run. A key that was given in
// NODE_API_KEY or WALLET_API_KEY is used instead, and is not printed.

import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

import { control } from "./control.mjs";
import { Regtest } from "./regtest.mjs";

/** @param {unknown} value */
const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

/**
 * @param {string} name
 * @param {string} value
 * @param {number} most
 */
function numberFlag(name, value, most) {
  const n = Number(value);
  if (value.trim() !== "" && n >= 0 && n <= most) return n;
  throw new Error(
    `--${name}: ${JSON.stringify(value)} is not a number from 0 to ${most}`,
  );
}

function readFlags() {
  const { values } = parseArgs({
    options: {
      "node-port": { type: "string", default: "0" },
      "wallet-port": { type: "string", default: "0" },
      blocks: { type: "string", default: "0" },
      mine: { type: "string", default: "0" },
      journal: { type: "string" },
    },
  });
  return {
    nodePort: numberFlag("node-port", values["node-port"], 65535),
    walletPort: numberFlag("wallet-port", values["wallet-port"], 65535),
    blocks: Math.floor(numberFlag("blocks", values.blocks, 10_000)),
    mine: numberFlag("mine", values.mine, 86_400),
    journal: values.journal,
  };
}

async function main() {
  const flags = readFlags();
  const randomKey = () => randomBytes(20).toString("hex");
  const given = {
    node: process.env.NODE_API_KEY,
    wallet: process.env.WALLET_API_KEY,
  };
  const nodeKey = given.node || randomKey();
  const walletKey = given.wallet || randomKey();
  const node = new Regtest({ ...flags, nodeKey, walletKey });

  // Everything that touches the chain goes through this queue, one at a time.
  let queue = node.open();
  /** @param {() => Promise<unknown>} job */
  const enqueue = (job) => (queue = queue.then(job).then(() => {}));

  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    clearTimeout(timer);
    // A command that hangs must not keep the node alive: its queue is given a second.
    setTimeout(() => process.exit(0), 1000).unref();
    queue.then(() => node.close()).then(() => process.exit(0), fail);
  };
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);

  await queue;
  if (flags.blocks > 0) await node.mine(flags.blocks);
  print({
    node: node.nodeUrl,
    nodeKey: given.node ? undefined : nodeKey,
    wallet: node.walletUrl,
    walletKey: given.wallet ? undefined : walletKey,
  });

  const mineLater = () => {
    if (stopping) return;
    timer = setTimeout(
      () => enqueue(() => node.mine(1)).then(mineLater, fail),
      flags.mine * 1000,
    );
  };
  if (flags.mine > 0) mineLater();
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    if (line.trim() === "") return;
    enqueue(async () => {
      const { stop: wanted, ...answer } = await control(node, line);
      print(answer);
      if (wanted) stop();
    }).catch(fail);
  });
  lines.on("close", stop);
}

/** @param {unknown} err */
function fail(err) {
  process.stderr.write(
    `hsd: ${err instanceof Error ? err.message : String(err)}\n`,
  );
  process.exit(1);
}

main().catch(fail);
