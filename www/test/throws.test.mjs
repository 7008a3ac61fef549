// @ts-check
//
// What the application throws stays the application's: it is reported in the
// page as any other uncaught exception, never sent, and stops nothing.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { NpmServer } from "./npm-server.mjs";
import { Stage } from "./stage.mjs";

const stage = new Stage();
const server = new NpmServer();

before(async () => {
  await server.open();
  await stage.openPages();
  stage.site.upstream = server.url;
});
afterEach(async () => {
  await stage.closePages();
  server.reset();
});
after(async () => {
  await stage.close();
  await server.close();
});

/** Opens a page whose store throws at every action that says so. */
async function throwing() {
  const open = await stage.page();
  await open.page.evaluate(async (port) => {
    const listeners = [
      { event: "bad", actionType: "THROW_BAD" },
      { event: "good", actionType: "GOOD" },
      { event: "bad hook", actionType: "THROW_HOOK", ack: "yes" },
    ];
    const thrower = () => (next) => (action) => {
      if (String(action.type).startsWith("THROW_"))
        throw new Error(action.type);
      return next(action);
    };
    globalThis.app = new lib.App(lib.bsockMiddleware, [
      {
        middleware: thrower,
        addSocketConstants: (s) => s.listeners.push(...listeners),
      },
    ]);
    app.connect({ host: "127.0.0.1", port });
    await app.until("SOCKET_CONNECTED");
  }, stage.site.port);
  return open;
}

/** @param {import("puppeteer-core").Page} page */
async function worksOn(page) {
  const count = await page.evaluate(() => app.seen("GOOD").length);
  server.socket.fire("good");
  await page.evaluate((n) => app.until("GOOD", n), count + 1);
  assert.equal(server.sockets.length, 1, "on the same socket");
  assert.deepEqual(server.errors, []);
}

test("a reducer that throws is reported, and the next event comes", async () => {
  const { page, noise } = await throwing();
  for (let i = 0; i < 100; i++) server.socket.fire("bad", i);
  await worksOn(page);
  // Each is thrown again in a task of its own.
  await until(() => noise.length >= 100);
  assert.equal(noise.length, 100);
  for (const line of noise) assert.match(line, /^uncaught: .*THROW_BAD/);
  assert.equal(server.frames.length, 1, "the server is told nothing");
});

test("a hook whose action throws is answered all the same", async () => {
  const { page, noise } = await throwing();
  const answer = await server.socket.call("bad hook", 1);
  assert.equal(answer.toString(), "yes");
  await worksOn(page);
  await until(() => noise.length > 0);
  assert.equal(noise.length, 1);
  assert.match(noise[0], /THROW_HOOK/);
});

test("an acknowledge that throws is reported, and its promise resolves", async () => {
  const { page, noise } = await throwing();
  server.socket.hook("ask", () => 7);
  const value = await page.evaluate(() =>
    app.emit({
      type: "ask",
      message: "m",
      acknowledge() {
        throw new Error("THROW_ACK");
      },
    }),
  );
  assert.equal(value, 7);
  await worksOn(page);
  await until(() => noise.length > 0);
  assert.equal(noise.length, 1);
  assert.match(noise[0], /THROW_ACK/);
});

test("an option binary that throws is reported, and the bytes come as they are", async () => {
  const { page, noise } = await stage.page();
  await page.evaluate(async (port) => {
    const listeners = [{ event: "good", actionType: "GOOD" }];
    const binary = () => {
      throw new Error("THROW_BINARY");
    };
    globalThis.app = new lib.App(lib.bsockMiddleware, [], {
      listeners,
      binary,
    });
    app.connect({ host: "127.0.0.1", port });
    await app.until("SOCKET_CONNECTED");
  }, stage.site.port);
  server.socket.fire("good", Buffer.from([7]));
  const byte = await page.evaluate(
    async () => (await app.until("GOOD")).payload[0][0],
  );
  assert.equal(byte, 7);
  await worksOn(page);
  await until(() => noise.length > 0);
  assert.equal(noise.length, 1);
  assert.match(noise[0], /THROW_BINARY/);
});

test("an action that is not ours throws where it was dispatched", async () => {
  const { page, noise } = await throwing();
  const caught = await page.evaluate(() => {
    try {
      app.dispatch({ type: "THROW_FOREIGN" });
      return "";
    } catch (error) {
      return /** @type {Error} */ (error).message;
    }
  });
  assert.equal(caught, "THROW_FOREIGN");
  assert.deepEqual(noise, []);
});

test("actions that are not ours pass by, whatever they are", async () => {
  const { page, noise } = await throwing();
  const same = await page.evaluate(() => {
    const next = (action) => action;
    const store = { dispatch: next, getState: () => ({}) };
    const handle = lib.bsockMiddleware()(store)(next);
    const actions = [
      {},
      { type: "x" },
      { type: "CONNECT_SOCKET" },
      { type: "x", bsock: {} },
      { type: "x", bsock: null },
    ];
    return actions.map((action) => handle(action) === action);
  });
  assert.deepEqual(same, [true, true, true, true, true]);
  assert.deepEqual(noise, []);
});

test("dispatches inside dispatches, as deep as an application goes", async () => {
  const { page, noise } = await stage.page();
  server.onSocket = (socket) => socket.bind("deep", () => {});
  const depth = await page.evaluate(async (port) => {
    let level = 0;
    const middleware =
      ({ dispatch }) =>
      (next) =>
      (action) => {
        if (action.type === "SOCKET_CONNECTED" || action.type === "DEEPER")
          if (level++ < 40) {
            dispatch({
              type: "EMIT_SOCKET",
              bsock: { type: "deep", message: String(level) },
            });
            dispatch({ type: "DEEPER" });
          }
        return next(action);
      };
    globalThis.app = new lib.App(lib.bsockMiddleware, [{ middleware }]);
    app.connect({ host: "127.0.0.1", port });
    await app.until("SOCKET_CONNECTED");
    await app.emit({ type: "deep", message: "last" });
    return level;
  }, stage.site.port);
  assert.equal(depth, 41);
  await until(() => server.frames.length === 42);
  const messages = server.frames.slice(1).map((f) => JSON.parse(f.slice(2))[1]);
  const numbers = Array.from({ length: 40 }, (_, i) => String(i + 1));
  assert.deepEqual(messages, [...numbers, "last"], "in order");
  assert.deepEqual(noise, []);
});

/** @param {() => boolean} condition */
async function until(condition) {
  for (let i = 0; i < 200 && !condition(); i++) await pause(25);
  assert.ok(condition(), `${condition} came true, ${server.frames.join(" ")}`);
}
