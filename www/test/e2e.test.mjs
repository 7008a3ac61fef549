// @ts-check
//
// The whole path of a message: a Redux store in a page, the middleware as
// built, a WebSocket, our app server, a real hsd node, and back.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { Stage, apiKey } from "./stage.mjs";

const stage = new Stage();

before(async () => {
  await stage.open({ hsd: true });
  // Coins from mining can be spent two blocks later.
  await stage.node.program.ask({ do: "mine", blocks: 3 });
});
afterEach(() => stage.closePages());
after(() => stage.close());

/** @param {object} command */
const hsd = (command) => stage.node.program.ask(command);

/**
 * Opens a page with a store of these plugins, and connects it. What they said
 * at SOCKET_CONNECTED has been carried out when this resolves.
 *
 * @param {string[]} plugins
 */
async function connected(plugins) {
  const open = await stage.page();
  await open.page.evaluate(
    async (where, names) => {
      globalThis.app = new lib.App(
        lib.bsockMiddleware,
        names.map((name) => lib.plugins[name]),
      );
      app.connect(where);
      await app.until("SOCKET_CONNECTED");
    },
    stage.where,
    plugins,
  );
  await roundTrip(open.page);
  return open;
}

test("connects and authenticates with the right key", async () => {
  const { page, noise } = await connected([]);
  const types = await page.evaluate(() => app.log.map((a) => a.type));
  assert.deepEqual(types.slice(1), [
    "SOCKET_STATUS",
    "SOCKET_CONNECTING",
    "SOCKET_STATUS",
    "SOCKET_CONNECTED",
  ]);
  assert.deepEqual(noise, []);
});

for (const [name, key] of [
  ["a wrong key", "the wrong key"],
  ["a key that starts like the right one", apiKey + "x"],
  ["an empty key", ""],
  ["no key", undefined],
])
  test(`refuses ${name}, and does not hammer`, async () => {
    const { page, noise } = await stage.page();
    const seen = await page.evaluate(
      async (where) => {
        globalThis.app = new lib.App(lib.bsockMiddleware, [], {
          reconnect: { min: 10, max: 20, factor: 1 },
        });
        app.connect(where);
        const emit = app.emit(
          { type: "dispatch", message: "get tip", acknowledge() {} },
          { timeout: 500 },
        );
        await app.until("SOCKET_ERROR");
        const settled = await emit.then(String, (error) => error.code);
        return lib.plain([app.log.slice(1), settled]);
      },
      { ...stage.where, apiKey: key },
    );
    const [log, settled] = seen;
    const errors = log.filter(({ type }) => type === "SOCKET_ERROR");
    // The first is the refusal; the other is the emit that was never sent.
    const codes = errors.map(({ payload }) => payload.code);
    assert.deepEqual(codes, ["AUTH_FAILED", "TIMEOUT"], JSON.stringify(log));
    assert.equal(settled, "TIMEOUT");
    assert.ok(!log.some(({ type }) => type === "SOCKET_CONNECTED"));
    assert.ok(!JSON.stringify(log).includes(apiKey), "no key in any action");
    assert.deepEqual(noise, []);
  });

test("broadcasts, subscribes, and gets raw blocks as binary", async () => {
  const { page, noise } = await connected(["chain"]);
  const { hashes, height } = await hsd({ do: "mine", blocks: 2 });
  const blocks = await page.evaluate(async () => {
    await app.until("ADD_NEW_BLOCK", 2);
    return app.seen("ADD_NEW_BLOCK").map(({ payload }) => ({
      kind: payload[0].constructor.name,
      txs: payload[1],
      ...lib.readEntry(payload[0]),
    }));
  });
  assert.equal(blocks.length, 2);
  assert.deepEqual(
    blocks.map(({ hash }) => hash),
    hashes,
  );
  assert.deepEqual(
    blocks.map((b) => b.height),
    [height - 1, height],
  );
  assert.equal(blocks[1].prevBlock, blocks[0].hash);
  assert.equal(blocks[0].kind, "Uint8Array", "this page has no Buffer");
  assert.deepEqual(blocks[0].txs, []);
  assert.deepEqual(noise, []);
});

test("hands over the Buffer that the option gives", async () => {
  const { page } = await stage.page();
  const names = await page.evaluate(async (where) => {
    // Enough of a Buffer to be told from a Uint8Array.
    class Buffer extends Uint8Array {
      /** @param {ArrayBuffer} buffer @param {number} at @param {number} length */
      static wrap(buffer, at, length) {
        return new Buffer(buffer, at, length);
      }
    }
    Object.assign(Buffer, { from: Buffer.wrap });
    globalThis.app = new lib.App(lib.bsockMiddleware, [], { Buffer });
    app.connect(where);
    const tip = await app.emit({
      type: "dispatch",
      message: "get tip",
      acknowledge: (value) => (app.notes.acknowledged = value),
    });
    return [tip, app.notes.acknowledged].map((v) => v instanceof Buffer);
  }, stage.where);
  assert.deepEqual(names, [true, true]);
});

test("dispatches and is acknowledged, by callback and by promise", async () => {
  const { page, noise } = await connected(["chain"]);
  const tip = await hsd({ do: "tip" });
  const [resolved, acknowledged] = await page.evaluate(async () => {
    let value;
    const result = await app.dispatch(app.actions.getTip((v) => (value = v)));
    return [result, value].map(lib.readEntry);
  });
  assert.equal(resolved.height, tip.height);
  assert.equal(resolved.hash, tip.hash);
  assert.deepEqual(acknowledged, resolved);
  assert.deepEqual(noise, []);
});

test("passes arguments on, binary ones too, in the order of their keys", async () => {
  const { page } = await connected([]);
  const entries = await page.evaluate(() =>
    app
      .emit({
        type: "dispatch",
        message: "get entries",
        start: 1,
        end: 2,
        acknowledge() {},
      })
      .then((list) => list.map((raw) => lib.readEntry(raw).height)),
  );
  assert.deepEqual(entries, [1, 2]);
  const entry = await page.evaluate(async () => {
    const emit = (message, rest) =>
      app.emit({ type: "dispatch", message, acknowledge() {}, ...rest });
    const raw = await emit("get entry", { block: 1 });
    const again = await emit("get entry", { block: raw.subarray(0, 32) });
    return lib.hex(raw) === lib.hex(again);
  });
  assert.ok(entry, "a block found by its hash, sent as a Uint8Array");
});

test("a node's refusal rejects the promise and nothing else", async () => {
  const { page, noise } = await connected([]);
  const refusals = await page.evaluate(() => {
    const refused = (message) =>
      app
        .emit({ type: "dispatch", message, acknowledge() {} })
        .then(String, (error) => error.message);
    return Promise.all([refused("get entry"), refused("no such call")]);
  });
  assert.match(refusals[0], /Invalid parameter/);
  assert.match(refusals[1], /Call not found/);
  assert.deepEqual(noise, []);
});

test("joins a wallet, hears of its transactions, and leaves it", async () => {
  const { page, noise } = await connected(["wallet"]);
  await hsd({ do: "wallet", wallet: "alice" });
  await page.evaluate(async () => {
    app.dispatch(app.actions.joinWallet("alice"));
    await app.until("WALLET JOIN");
  });
  const { hash } = await hsd({ do: "send", wallet: "alice", value: 5e6 });
  const [id, tx] = await page.evaluate(
    async () => (await app.until("WALLET_TX")).payload,
  );
  assert.equal(id, "alice");
  assert.equal(tx.hash, hash);
  await page.evaluate(async () => {
    app.dispatch(app.actions.leaveWallet("alice"));
    await app.until("WALLET LEAVE");
  });
  await hsd({ do: "send", wallet: "alice", value: 5e6 });
  await roundTrip(page);
  const counts = await page.evaluate(() => app.seen("WALLET_TX").length);
  assert.equal(counts, 1, "a wallet that was left says nothing");
  assert.deepEqual(noise, []);
});

test("one page unsubscribes, another goes on hearing", async () => {
  const first = await connected(["chain"]);
  const second = await connected(["chain"]);
  await first.page.evaluate(() =>
    app.dispatch(app.actions.unsubscribeBlockConnect()),
  );
  await roundTrip(first.page);
  await hsd({ do: "mine" });
  await second.page.evaluate(() => app.until("ADD_NEW_BLOCK"));
  await roundTrip(first.page);
  const heard = await first.page.evaluate(
    () => app.seen("ADD_NEW_BLOCK").length,
  );
  assert.equal(heard, 0);
});

// What was sent before it has been dealt with, in both directions, by then.
/** @param {import("puppeteer-core").Page} page */
function roundTrip(page) {
  return page.evaluate(() =>
    app.emit({ type: "dispatch", message: "get tip", acknowledge() {} }),
  );
}
