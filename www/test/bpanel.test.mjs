// @ts-check
//
// bPanel's own way through the middleware, in a browser: its chain, its Redux,
// its plugins, and what it does at each change of node.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { closePage, openPage } from "./browser.mjs";
import { NpmServer } from "./npm-server.mjs";
import { html } from "./site.mjs";
import { Stage } from "./stage.mjs";

const stage = new Stage();
const server = new NpmServer();

const scripts = {
  "/modules/redux3.js": "redux3/dist/redux.js",
  "/modules/thunk2.js": "thunk2/dist/redux-thunk.js",
  "/modules/persist.js": "redux-persist/dist/redux-persist.js",
};

const page = `
  import bsockMiddleware from "bsock-wasm";
  import { Panel } from "/pages/bpanel.mjs";
  import { chain, thrower, wallet } from "/pages/bpanel-plugins.mjs";
  globalThis.makePanel = (names) => new Panel(bsockMiddleware,
    names.map((name) => ({ chain, thrower, wallet })[name]));
`;

before(async () => {
  await server.open();
  await stage.openPages();
  stage.site.upstream = server.url;
  const { replies } = stage.site;
  for (const [path, file] of Object.entries(scripts))
    replies.set(path, {
      type: "text/javascript",
      body: await readFile(new URL(`node_modules/${file}`, import.meta.url)),
    });
  const tags = Object.keys(scripts).map(
    (src) => `<script src="${src}"></script>`,
  );
  const reply = html(page);
  replies.set("/bpanel", { ...reply, body: tags.join("") + reply.body });
});
afterEach(async () => {
  server.reset();
});
after(async () => {
  await stage.close();
  await server.close();
});

/** @param {any} socket of the server */
const namespaceOf = (socket) => new URL(socket.ws.url).pathname.split("/")[1];

const live = () => server.sockets.filter((socket) => !socket.destroyed);

/** An app server that keeps who has subscribed to what, as bPanel's does. */
function serveSubscriptions() {
  server.onSocket = (socket) => {
    socket.subscriptions = [];
    socket.bind("broadcast", () => {});
    socket.bind("subscribe", (/** @type {string[]} */ ...args) =>
      socket.subscriptions.push(args),
    );
    socket.hook("dispatch", () => null);
  };
}

/** What Chromium itself says of a WebSocket that does not come about. */
const chromiums = /^console\.\w+: WebSocket connection to /;

/**
 * Opens bPanel, runs a test on it, and closes it.
 *
 * @param {string[]} plugins
 * @param {(open: import("./browser.mjs").OpenPage) => Promise<void>} run
 */
async function onPanel(plugins, run) {
  serveSubscriptions();
  const open = await openPage(stage.browser, stage.site.url("/bpanel"));
  await open.page.waitForFunction("globalThis.makePanel");
  await open.page.evaluate(
    (names, port) => {
      const page = /** @type {any} */ (globalThis);
      page.panel = page.makePanel(names);
      page.node = (/** @type {string} */ id) => ({
        host: "127.0.0.1",
        port,
        namespace: id,
      });
    },
    plugins,
    stage.site.port,
  );
  try {
    await run(open);
  } finally {
    await closePage(open);
  }
  assert.deepEqual(
    open.noise.filter((line) => !chromiums.test(line)),
    [],
  );
}

/**
 * @param {import("./browser.mjs").OpenPage} open
 * @param {string} source of an expression in the page
 * @returns {Promise<any>}
 */
const ask = ({ page }, source) => page.evaluate(`(async () => ${source})()`);

/** @param {() => boolean} condition */
async function until(condition) {
  for (let i = 0; i < 400 && !condition(); i++) await pause(25);
  return condition();
}

/**
 * Sees to it that one socket is alive, that it is this node's and has been
 * subscribed once, and that each event reaches the store once.
 *
 * @param {import("./browser.mjs").OpenPage} open
 * @param {string} id
 */
async function oneLiveSocket(open, id) {
  const settled = () =>
    live().length === 1 &&
    namespaceOf(live()[0]) === id &&
    live()[0].subscriptions.length > 0;
  assert.ok(await until(settled), `${live().map(namespaceOf)} are alive`);
  const before = await ask(open, `panel.seen("ADD_NEW_BLOCK").length`);
  // Whoever is there says it; an old socket that delivers would be heard.
  for (const height of [1, 2, 3])
    for (const socket of server.sockets)
      if (!socket.destroyed)
        socket.fire("new block", Buffer.from([height]), height);
  await ask(open, `panel.until("ADD_NEW_BLOCK", ${before} + 3)`);
  await pause(200);
  const payloads = await ask(
    open,
    `panel.seen("ADD_NEW_BLOCK").slice(${before}).map(({ payload }) => payload[1])`,
  );
  assert.deepEqual(payloads, [1, 2, 3], "every event once");
  const [socket] = live();
  assert.equal(live().length, 1, "and still one socket");
  assert.deepEqual(socket.subscriptions, [["block connect", "new block"]]);
  assert.equal(stage.site.connections, 1);
}

const nodes = Array.from({ length: 10 }, (_, i) => `node-${i}`);

test("plugins subscribe, join and hear through bPanel's chain", () =>
  onPanel(["chain", "wallet"], async (open) => {
    await ask(open, `panel.connectSocket(node("main"))`);
    await ask(open, `panel.until("WALLET_JOINED")`);
    await oneLiveSocket(open, "main");
    assert.deepEqual(server.frames, [
      '420["auth",null]',
      '42["broadcast","watch chain"]',
      '42["subscribe","block connect","new block"]',
      '421["dispatch","wallet join","primary"]',
    ]);
    const [socket] = live();
    assert.equal(String(await socket.call("block rescan", 5)), "yes");
    socket.fire("wallet tx", "primary", { hash: "00" });
    await ask(open, `panel.until("WALLET_TX")`);
    assert.deepEqual(
      await ask(
        open,
        `["RESCAN", "WALLET_TX"].map((type) => panel.seen(type)[0].payload)`,
      ),
      [5, ["primary", { hash: "00" }]],
    );
    const kept = await ask(
      open,
      `(await panel.persistor.flush(), JSON.parse(localStorage.getItem("persist:plugins")))`,
    );
    assert.equal(kept.height, "3");
    assert.equal(kept.wallets, '["primary"]');
  }));

test("ten changes of node, each awaited", () =>
  onPanel(["chain"], async (open) => {
    for (const [i, id] of nodes.entries()) {
      await ask(open, `panel.connectSocket(node("${id}"))`);
      await ask(open, `panel.until("SOCKET_CONNECTED", ${i + 1})`);
    }
    await oneLiveSocket(open, nodes[9]);
    assert.deepEqual(server.sockets.map(namespaceOf), nodes);
    assert.deepEqual(await ask(open, `panel.seen("SOCKET_ERROR")`), []);
  }));

test("ten changes of node in one breath", () =>
  onPanel(["chain"], async (open) => {
    await ask(open, `panel.connectSocket(node("first"))`);
    await ask(open, `panel.until("SOCKET_CONNECTED")`);
    await ask(
      open,
      `${JSON.stringify(nodes)}.forEach((id) => panel.connectSocket(node(id)))`,
    );
    await oneLiveSocket(open, nodes[9]);
    assert.deepEqual(await ask(open, `panel.seen("SOCKET_ERROR")`), []);
    assert.equal(await ask(open, `panel.seen("SOCKET_CONNECTED").length`), 2);
  }));

test("ten times bPanel's reset, which disconnects first", () =>
  onPanel(["chain"], async (open) => {
    for (const [i, id] of nodes.entries()) {
      const count = await ask(open, `panel.seen("SOCKET_CONNECTED").length`);
      await ask(open, `panel.resetClient(node("${id}"))`);
      // Half of them are not waited for.
      if (i % 2)
        await ask(open, `panel.until("SOCKET_CONNECTED", ${count} + 1)`);
    }
    await oneLiveSocket(open, nodes[9]);
    assert.deepEqual(await ask(open, `panel.seen("SOCKET_ERROR")`), []);
    assert.equal(
      await ask(open, `panel.seen("SOCKET_DISCONNECTED").length`),
      nodes.length,
    );
  }));

test("to and fro between two nodes, one of which is gone", () =>
  onPanel(["chain"], async (open) => {
    for (let i = 0; i < 5; i++) {
      await ask(open, `panel.connectSocket({ ...node("gone"), port: 1 })`);
      await ask(open, `panel.until("SOCKET_ERROR", ${i + 1})`);
      await ask(open, `panel.connectSocket(node("here"))`);
      await ask(open, `panel.until("SOCKET_CONNECTED", ${i + 1})`);
    }
    await oneLiveSocket(open, "here");
  }));

test("what plugins and reducers throw reaches bPanel's error catcher", () =>
  onPanel(["thrower"], async (open) => {
    await ask(open, `panel.connectSocket(node("main"))`);
    await ask(open, `panel.until("SOCKET_CONNECTED")`);
    const caught = await ask(
      open,
      `[{ type: "THROW" }, { type: "THROW_IN_REDUCER" }].map((action) => {
        panel.dispatch(action);
        return panel.caught.map(({ message }) => message).join();
      })`,
    );
    assert.deepEqual(caught, ["of a plugin", "of a plugin,of a reducer"]);
  }));

test("an effect runs after its action, and may emit", () =>
  onPanel(["chain"], async (open) => {
    await ask(open, `panel.connectSocket(node("main"))`);
    await ask(open, `panel.until("SOCKET_CONNECTED")`);
    await ask(
      open,
      `panel.dispatch({
        type: "SHOW",
        effect: () => panel.dispatch({
          type: "EMIT_SOCKET",
          bsock: { type: "broadcast", message: panel.seen("SHOW").length + " shown" },
        }),
      })`,
    );
    const sent = '42["broadcast","1 shown"]';
    assert.ok(await until(() => server.frames.includes(sent)), sent);
  }));
