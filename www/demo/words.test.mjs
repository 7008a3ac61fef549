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
  stage: "asked",
  url: "",
  fault: "F.",
  reached: true,
  closed: "It closed.",
};

/** @type {import("bsock-wasm").SocketState} */
const socket = {
  status: "reconnecting",
  since: 0,
  attempt: 3,
  retryAt: 4_500,
  error: null,
  latency: null,
  queued: 0,
};

/**
 * @param {import("./phase.js").Phase} phase
 * @param {Partial<typeof socket>} [changes]
 * @param {Partial<typeof connection>} [more]
 */
const words = (phase, changes, more) =>
  connectionWords(
    phase,
    { ...connection, ...more },
    { ...socket, ...changes },
    1_000,
  );

test("every phase of the connection has its own title and text", () => {
  /** @type {import("./phase.js").Phase[]} */
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
    "crashed",
    "disconnected",
  ];
  for (const field of /** @type {const} */ (["title", "text"]))
    assert.equal(
      new Set(phases.map((phase) => words(phase)[field])).size,
      phases.length,
    );
});

/** @param {string} code @param {string} message */
const error = (code, message) => ({ error: { name: "Error", message, code } });

test("what went wrong is said with the remedy", () => {
  assert.match(words("broken").text, /^F\. .*bsock\.wasm.*try again/);
  assert.match(
    words("refused", error("AUTH_FAILED", "Bad key.")).text,
    /Bad key\. Enter the right key/,
  );
  assert.match(words("ended").text, /^It closed\. .*until you connect/);
  assert.match(words("ended", {}, { closed: "No stop" }).text, /^No stop\. It/);
  assert.match(
    words("crashed", error("MODULE_CRASHED", "Trap.")).text,
    /^Trap\. Connect/,
  );
});

test("the next attempt is counted down to", () => {
  assert.match(words("lost").text, /Attempt 4 begins in 4 s; Connect tries/);
  assert.match(words("lost", { retryAt: 500 }).text, /begins in 0 s/);
  assert.match(words("unreached", { retryAt: 0 }).text, /3 is under way\.$/);
});

test("an error tells of the connection only if it is about it", () => {
  assert.match(
    words("lost", error("CONNECT_FAILED", "Could not connect.")).text,
    /^Could not connect\. Is/,
  );
  assert.match(
    words("lost", error("TIMEOUT", "Job timed out.")).text,
    /^It closed\. Is/,
  );
  assert.match(
    words("lost", {}, { closed: "" }).text,
    /^The connection is gone\. Is/,
  );
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

/** @type {import("./plugins/chain-state.js").Chain} */
const known = { blocks: [], heardAt: 0, health: "well", fault: "", gap: null };

test("a gap is told for a while, and what it has cost", () => {
  const text = (/** @type {number | null} */ missed, now = 2_000) =>
    chainWords(
      { ...known, gap: { ms: 3_400, at: 1_000, tip: "", missed } },
      true,
      now,
    ).text;
  assert.equal(text(null), "Gap of 3 s, fetching what was missed.");
  assert.equal(text(0), "Gap of 3 s: no block was missed.");
  assert.equal(text(1), "Gap of 3 s: 1 block missed, and fetched.");
  assert.equal(text(20), "Gap of 3 s: 20 blocks missed, and fetched.");
  assert.equal(text(1, 60_000), "The node answers.");
});

test("a node that is gone is told from a server that is gone", () => {
  /** @type {import("./plugins/chain-state.js").Chain} */
  const chain = { ...known, health: "ill", fault: "No node." };
  assert.match(
    chainWords(chain, true, 0).text,
    /server is there, its node is not: No node\./,
  );
  assert.equal(chainWords(chain, false, 0).title, "Not following");
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
  assert.match(
    walletWords(wallet, "lost").text,
    /w will be joined once connected/,
  );
  assert.match(
    walletWords({ ...wallet, fault: "Bad token." }, "connected").text,
    /Bad token\./,
  );
  assert.equal(
    walletWords({ ...wallet, membership: "in" }, "connected").title,
    "Joined",
  );
  assert.equal(
    walletWords({ ...wallet, membership: "joining" }, "lost").title,
    "Waiting",
  );
});
