// @ts-check
//
// Redux's contract once more where it counts: in a page, in a store of Redux
// Toolkit, over a WebSocket that is real.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { closePage, openPage } from "./browser.mjs";
import { NpmServer } from "./npm-server.mjs";
import { html } from "./site.mjs";
import { Stage } from "./stage.mjs";

const stage = new Stage();
const server = new NpmServer();

/** What the site does not have yet, by the name it is imported by. */
const modules = {
  "@reduxjs/toolkit": "@reduxjs/toolkit/dist/redux-toolkit.browser.mjs",
  immer: "immer/dist/immer.production.mjs",
  reselect: "reselect/dist/reselect.browser.mjs",
};

const script = `
  import { configureStore } from "@reduxjs/toolkit";
  import bsockMiddleware, { connectSocket, dispatchCallFor } from "bsock-wasm";
  const log = [];
  const store = configureStore({
    reducer: (state = 0, action) => {
      if (action.type === "THROW") throw new Error("of the reducer");
      log.push(action);
      return state + 1;
    },
    middleware: (getDefault) => getDefault().concat(bsockMiddleware({
      listeners: [{ event: "new block", actionType: "ADD_NEW_BLOCK" }],
      plainErrors: true,
    })),
  });
  globalThis.it = { connectSocket, dispatchCallFor, log, store };
`;

before(async () => {
  await server.open();
  await stage.openPages();
  stage.site.upstream = server.url;
  const reply = html(script);
  let body = String(reply.body);
  for (const [name, file] of Object.entries(modules)) {
    const path = `/modules/${name}.mjs`;
    const url = new URL(`node_modules/${file}`, import.meta.url);
    const type = "text/javascript";
    stage.site.replies.set(path, { type, body: await readFile(url) });
    body = body.replace('"imports":{', `$&"${name}":"${path}",`);
  }
  stage.site.replies.set("/toolkit", { ...reply, body });
});
after(async () => {
  await stage.close();
  await server.close();
});

test("a store of Redux Toolkit in a page", async () => {
  server.onSocket = (socket) => socket.hook("dispatch", () => "joined");
  const open = await openPage(stage.browser, stage.site.url("/toolkit"));
  await open.page.waitForFunction("globalThis.it");
  const contract = await open.page.evaluate(() => {
    const { log, store } = /** @type {any} */ (globalThis).it;
    const action = { type: "OTHER" };
    const before = store.getState();
    const returned = store.dispatch(action);
    let thrown = "";
    try {
      store.dispatch({ type: "THROW" });
    } catch (error) {
      thrown = /** @type {Error} */ (error).message;
    }
    return {
      identical: log[log.length - 1] === action,
      returned: returned === action,
      synchronous: store.getState() === before + 1,
      thrown,
    };
  });
  assert.deepEqual(contract, {
    identical: true,
    returned: true,
    synchronous: true,
    thrown: "of the reducer",
  });

  const answer = await open.page.evaluate((port) => {
    const { connectSocket, dispatchCallFor, store } = /** @type {any} */ (
      globalThis
    ).it;
    store.dispatch(connectSocket({ host: "127.0.0.1", port }));
    return store.dispatch(dispatchCallFor("JOINED", "wallet join", "primary"));
  }, stage.site.port);
  assert.equal(answer, "joined");
  server.socket.fire("new block", 1, []);
  await open.page.waitForFunction(
    `it.log.some((action) => action.type === "ADD_NEW_BLOCK")`,
  );
  const log = await open.page.evaluate("it.log.slice(-3)");
  assert.deepEqual(log, [
    { type: "SOCKET_CONNECTED" },
    { type: "JOINED", payload: "joined" },
    { type: "ADD_NEW_BLOCK", payload: [1, []] },
  ]);
  assert.deepEqual(open.noise, []);
  await closePage(open);
});
