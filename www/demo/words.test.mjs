import assert from "node:assert/strict";
import { test } from "node:test";

import { UNKNOWN } from "./config.js";
import {
  chainWords,
  connectionWords,
  nodeWords,
  walletWords,
} from "./words.js";

/** @type {import("./plugins/connection.js").Connection} */
const connection = {
  phase: "idle",
  url: "",
  since: 0,
  fault: "F.",
  failures: 0,
};

test("every phase of the connection has its own title", () => {
  /** @type {import("./plugins/connection.js").Phase[]} */
  const phases = [
    "idle",
    "loading",
    "broken",
    "connecting",
    "unreached",
    "connected",
    "lost",
    "ended",
    "refused",
    "disconnected",
  ];
  const titles = phases.map(
    (phase) => connectionWords({ ...connection, phase }).title,
  );
  assert.equal(new Set(titles).size, phases.length);
});

test("what went wrong is said with the remedy", () => {
  const text = (/** @type {Partial<typeof connection>} */ changes) =>
    connectionWords({ ...connection, ...changes }).text;
  assert.match(text({ phase: "ended", fault: "No stop" }), /^No stop\. It/);
  assert.match(text({ phase: "broken" }), /^F\. .*bsock\.wasm.*try again/);
  assert.match(text({ phase: "refused" }), /F\. Enter the right key/);
  assert.match(text({ phase: "ended" }), /^F\. .*until you connect/);
  assert.match(text({ phase: "lost" }), /^F\. .*Trying again by itself/);
  assert.match(text({ phase: "lost", failures: 1 }), /1 attempt has failed/);
  assert.match(text({ phase: "unreached", failures: 3 }), /3 attempts have/);
});

test("a simulated node is never called anything else", () => {
  const said = nodeWords({ ...UNKNOWN, node: "simulated", label: "hsd" });
  assert.equal(said.title, "Simulated node");
  assert.match(said.text, /No real chain/);
});

test("a real node is named, with its network", () => {
  const said = nodeWords({
    ...UNKNOWN,
    node: "hsd",
    label: "hsd 8.0.0",
    network: "regtest",
  });
  assert.equal(said.title, "Real node");
  assert.match(said.text, /^hsd 8\.0\.0 on regtest/);
});

test("a node nobody spoke of is called unknown, with the reason", () => {
  const said = nodeWords({ ...UNKNOWN, problem: "HTTP status 404" });
  assert.equal(said.title, "Node unknown");
  assert.match(said.text, /HTTP status 404.*make run/);
  assert.equal(nodeWords(UNKNOWN).title, "Node unknown");
});

test("a node that is gone is told from a server that is gone", () => {
  /** @type {import("./plugins/chain-state.js").Chain} */
  const chain = { blocks: [], heardAt: 0, health: "ill", fault: "No node." };
  assert.match(
    chainWords(chain, "connected").text,
    /server is there, its node is not: No node\./,
  );
  assert.equal(chainWords(chain, "lost").title, "Not following");
});

test("a wallet says what became of the last request", () => {
  /** @type {import("./plugins/wallet-state.js").Wallet} */
  const wallet = {
    id: "w",
    membership: "out",
    transactions: [],
    balance: null,
    fault: "",
  };
  assert.match(walletWords(wallet, "lost").text, /w will be joined again/);
  assert.match(
    walletWords({ ...wallet, fault: "Bad token." }, "connected").text,
    /Bad token\./,
  );
  assert.equal(
    walletWords({ ...wallet, membership: "in" }, "connected").title,
    "Joined",
  );
});
