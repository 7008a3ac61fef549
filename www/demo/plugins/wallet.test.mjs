import assert from "node:assert/strict";
import { test } from "node:test";

import { fixture } from "./fixture.mjs";
import { readTransaction } from "./wallet-state.js";

const OWN = { name: "default", account: 0 };

/** Details as hsd sends them, but for what the page does not read. */
const details = (/** @type {object} */ changes = {}) => ({
  hash: "aa",
  height: -1,
  mtime: 1000,
  inputs: [{ value: 0, path: null }],
  outputs: [{ value: 500, path: OWN }],
  ...changes,
});

/** @param {import("node:test").TestContext} t */
function joined(t) {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const page = fixture();
  page.dispatch({ type: "SOCKET_CONNECTED" });
  page.panel.joinWallet("primary");
  page.answer("wallet join", null);
  return page;
}

test("every event is listened to and subscribed to by its own name", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const page = fixture();
  page.dispatch({ type: "SOCKET_CONNECTED" });
  const events = page.listeners
    .map(({ event }) => event)
    .filter((event) => event.startsWith("wallet"));
  assert.deepEqual(
    page.emitted
      .filter(({ bsock }) => bsock.message.startsWith("wallet"))
      .map(({ bsock }) => bsock),
    events.map((event) => ({
      type: "subscribe",
      message: event,
      responseEvent: event,
    })),
  );
  assert.equal(events.length, 5);
});

test("joining waits for its acknowledgement, and leaving forgets", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const page = fixture();
  page.panel.joinWallet("primary");
  assert.equal(page.state().wallet.membership, "joining");
  const { bsock } = page.emitted[0];
  assert.deepEqual(Object.keys(bsock), [
    "type",
    "message",
    "id",
    "acknowledge",
  ]);
  page.answer("wallet join", null);
  assert.equal(page.state().wallet.membership, "in");

  page.panel.leaveWallet("primary");
  assert.equal(page.state().wallet.membership, "leaving");
  page.answer("wallet leave", null);
  assert.equal(page.state().wallet.membership, "out");
  assert.equal(page.state().wallet.id, "");
});

test("a refusal is kept in words", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const page = fixture();
  page.panel.joinWallet("nobody");
  await page.refuse("wallet join", "Bad token.");
  assert.equal(page.state().wallet.membership, "out");
  assert.equal(page.state().wallet.fault, "Bad token.");
});

test("a refused leave leaves it joined", async (t) => {
  const page = joined(t);
  page.panel.leaveWallet("primary");
  await page.refuse("wallet leave", "Invalid parameter.");
  assert.equal(page.state().wallet.membership, "in");
  assert.equal(page.state().wallet.fault, "Invalid parameter.");
});

test("a wallet that was joined is joined again after a loss", (t) => {
  const page = joined(t);
  page.dispatch({ type: "SOCKET_CLOSED", payload: { willRetry: true } });
  assert.equal(page.state().wallet.membership, "out");
  page.emitted.length = 0;
  page.dispatch({ type: "SOCKET_CONNECTED" });
  page.answer("wallet join", null);
  assert.equal(page.state().wallet.membership, "in");
});

test("a wallet that was asked for meanwhile is not asked for twice", (t) => {
  const page = joined(t);
  page.dispatch({ type: "SOCKET_CLOSED", payload: { willRetry: true } });
  page.emitted.length = 0;
  page.panel.joinWallet("primary");
  page.dispatch({ type: "SOCKET_CONNECTED" });
  const joins = page.emitted.filter(
    ({ bsock }) => bsock.message === "wallet join",
  );
  assert.equal(joins.length, 1);
});

test("a transaction counts what is the wallet's own", () => {
  const sent = details({
    inputs: [{ value: 900, path: OWN }],
    outputs: [
      { value: 300, path: null },
      { value: 590, path: OWN },
    ],
  });
  assert.equal(readTransaction(sent).value, -310);
  assert.equal(readTransaction(details()).value, 500);
});

test("a transaction that is told again replaces itself", (t) => {
  const page = joined(t);
  page.dispatch({ type: "WALLET_TX", payload: ["primary", details()] });
  page.dispatch({
    type: "WALLET_TX",
    payload: ["primary", details({ hash: "bb" })],
  });
  page.dispatch({
    type: "WALLET_TX",
    payload: ["primary", details({ height: 7 })],
  });
  assert.deepEqual(page.state().wallet.transactions, [
    { hash: "bb", height: -1, time: 1000, value: 500 },
    { hash: "aa", height: 7, time: 1000, value: 500 },
  ]);
});

test("a conflict takes its transaction away", (t) => {
  const page = joined(t);
  page.dispatch({ type: "WALLET_TX", payload: ["primary", details()] });
  page.dispatch({ type: "WALLET_CONFLICT", payload: ["primary", details()] });
  assert.deepEqual(page.state().wallet.transactions, []);
});

test("the balance is the last one told", (t) => {
  const page = joined(t);
  page.dispatch({
    type: "WALLET_BALANCE",
    payload: ["primary", { account: -1, tx: 1, confirmed: 5, unconfirmed: 9 }],
  });
  assert.deepEqual(page.state().wallet.balance, {
    confirmed: 5,
    unconfirmed: 9,
  });
});

test("events of other wallets, or of none that is joined, are passed by", (t) => {
  const page = joined(t);
  page.dispatch({ type: "WALLET_TX", payload: ["other", details()] });
  assert.deepEqual(page.state().wallet.transactions, []);
  page.panel.leaveWallet("primary");
  page.answer("wallet leave", null);
  page.dispatch({ type: "WALLET_TX", payload: ["primary", details()] });
  assert.deepEqual(page.state().wallet.transactions, []);
});
