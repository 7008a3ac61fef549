// @ts-check
//
// The middleware in a page against npm's bsock server: what a page sends is
// what bsock expects, and what bsock does reaches the store.

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

/**
 * Opens a page whose store is connected to the server.
 *
 * @param {{listeners?: object[], options?: object, where?: object}} [settings]
 */
async function connected({ listeners = [], options = {}, where = {} } = {}) {
  const open = await stage.page();
  await open.page.evaluate(
    async (listeners, options, where) => {
      const addSocketConstants = (sockets) =>
        sockets.listeners.push(...listeners);
      globalThis.app = new lib.App(
        lib.bsockMiddleware,
        [{ addSocketConstants }],
        { reconnect: { min: 50, max: 100, factor: 1 }, ...options },
      );
      app.connect(where);
      await app.until("SOCKET_CONNECTED");
    },
    listeners,
    options,
    { host: "127.0.0.1", port: stage.site.port, ...where },
  );
  return open;
}

test("says first what bPanel's server waits for", async () => {
  await connected({ where: { namespace: "my-node", protocols: ["a", "b"] } });
  const [request] = server.requests;
  assert.ok(request.url?.startsWith("/my-node/?transport=websocket"));
  assert.equal(request.headers["sec-websocket-protocol"], "a, b");
  assert.equal(server.frames[0], '420["auth",null]');
});

test("connects to socket.io where no namespace is named", async () => {
  await connected();
  assert.ok(server.requests[0].url?.startsWith("/socket.io/?transport="));
});

test("sends type, message and the rest in the order of their keys", async () => {
  const { page } = await connected();
  server.socket.hook("dispatch", () => null);
  await page.evaluate(() => {
    app.emit({ type: "broadcast", message: "watch chain" });
    app.emit({ type: "subscribe", message: "a", responseEvent: "b" });
    app.emit({ b: 1, type: "t", 10: 2, message: "m", 2: 3, a: undefined });
    return app.emit({
      type: "dispatch",
      message: "m",
      id: "x",
      acknowledge() {},
    });
  });
  assert.deepEqual(server.frames.slice(1), [
    '42["broadcast","watch chain"]',
    '42["subscribe","a","b"]',
    '42["t","m",3,2,1,null]',
    '421["dispatch","m","x"]',
  ]);
});

test("what is emitted before the module is there goes out in order", async () => {
  const { page, noise } = await stage.page();
  await page.evaluate(async (port) => {
    const watch = {
      type: "EMIT_SOCKET",
      bsock: { type: "on connected", message: "" },
    };
    const middleware =
      ({ dispatch }) =>
      (next) =>
      (action) => {
        if (action.type === "SOCKET_CONNECTED") dispatch(watch);
        return next(action);
      };
    globalThis.app = new lib.App(lib.bsockMiddleware, [{ middleware }]);
    app.connect({ host: "127.0.0.1", port });
    for (let i = 0; i < 5; i++) app.emit({ type: "early", message: String(i) });
    await app.until("SOCKET_CONNECTED");
    await app.emit({ type: "late", message: "" });
  }, stage.site.port);
  await until(() => server.frames.length === 8, "all of them arrive");
  const sent = server.frames.map((frame) => frame.slice(frame.indexOf("[")));
  assert.deepEqual(sent.slice(1), [
    ...Array.from({ length: 5 }, (_, i) => `["early","${i}"]`),
    '["on connected",""]',
    '["late",""]',
  ]);
  assert.deepEqual(noise, []);
});

test("binary goes both ways, nested, twice and empty", async () => {
  const listeners = [{ event: "größe 雪 🚀", actionType: "GOT" }];
  const { page } = await connected({ listeners });
  /** @type {any[]} */
  const got = [];
  server.socket.bind("put", (...args) => got.push(args));
  server.socket.hook("ask", (message, bytes) => [
    bytes,
    { empty: Buffer.alloc(0) },
  ]);
  const answer = await page.evaluate(async () => {
    const bytes = new Uint8Array([0, 255, 16]);
    const rest = {
      nested: { deep: [bytes] },
      view: new DataView(bytes.buffer, 1),
    };
    app.emit({ type: "put", message: "größe 雪 🚀", bytes, ...rest });
    const ask = { type: "ask", message: "", bytes: bytes.buffer };
    return lib.plain(await app.emit({ ...ask, acknowledge() {} }));
  });
  const [[message, bytes, nested, view]] = got;
  assert.equal(message, "größe 雪 🚀");
  assert.equal(bytes.toString("hex"), "00ff10");
  assert.deepEqual(nested, { deep: [bytes] });
  assert.equal(view.toString("hex"), "ff10");
  assert.equal(answer[0].hex, "00ff10");
  assert.equal(answer[1].empty.hex, "");

  server.socket.fire("größe 雪 🚀", { raw: bytes }, bytes, "é");
  const payload = await page.evaluate(async () =>
    lib.plain((await app.until("GOT")).payload),
  );
  const hex = { kind: "Uint8Array", hex: "00ff10" };
  assert.deepEqual(payload, [{ raw: hex }, hex, "é"]);
});

test("10 MB go through, as text and as binary", async () => {
  const { page } = await connected();
  server.socket.hook("echo", (message, value) => value);
  const same = await page.evaluate(async () => {
    const bytes = new Uint8Array(10 << 20).map((_, i) => i * 31 + (i >> 8));
    const text = "größe 雪 🚀".repeat((10 << 20) / 10);
    const echo = (value) =>
      app.emit({ type: "echo", message: "", value, acknowledge() {} });
    const [b, t] = [await echo(bytes), await echo(text)];
    return [
      b.length === bytes.length && b.every((v, i) => v === bytes[i]),
      t === text,
    ];
  });
  assert.deepEqual(same, [true, true]);
});

test("the server calls the page, and a listener's ack answers", async () => {
  const listeners = [
    { event: "block rescan", actionType: "RESCAN", ack: "yes" },
    { event: "plain", actionType: "PLAIN" },
  ];
  const { page } = await connected({ listeners });
  const answer = await server.socket.call("block rescan", { height: 1 }, 2);
  assert.equal(answer.toString(), "yes");
  assert.equal((await server.socket.call("block rescan")).toString(), "yes");
  await assert.rejects(
    server.socket.call("nothing"),
    /Call not found: nothing\./,
  );
  await assert.rejects(server.socket.call("plain"), /Call not found: plain\./);
  const seen = await page.evaluate(() => app.seen("RESCAN"));
  assert.deepEqual(seen, [{ type: "RESCAN", payload: { height: 1 } }]);
});

test("an error that a hook threw rejects with its fields", async () => {
  const { page } = await connected();
  server.socket.hook("fail", () => {
    throw Object.assign(new TypeError("broken"), { type: "T", code: "E_X" });
  });
  const error = await page.evaluate(() =>
    app
      .emit({ type: "fail", message: "", acknowledge() {} })
      .then(String, lib.plain),
  );
  const { message, name, type, code } = error;
  assert.deepEqual(
    { message, name, type, code },
    {
      message: "broken",
      name: "TypeError",
      type: "T",
      code: "E_X",
    },
  );
});

test("a call cut off is rejected, and never sent again", async () => {
  const { page } = await connected();
  server.socket.hook("slow", () => new Promise(() => {}));
  const settled = page.evaluate(() =>
    app.emit({ type: "slow", message: "m", acknowledge() {} }).then(
      () => "resolved",
      ({ code }) => code,
    ),
  );
  await until(() => server.frames.length === 2, "the call arrives");
  stage.site.cut();
  assert.equal(await settled, "CONNECTION_LOST");
  await page.evaluate(() => app.until("SOCKET_CONNECTED", 2));
  await page.evaluate(() => app.emit({ type: "mark", message: "m" }));
  await until(() => server.frames.length === 4, "the mark arrives");
  const after = ['420["auth",null]', '42["mark","m"]'];
  assert.deepEqual(server.frames.slice(2), after);
});

test("an answer reaches its own call, or none", async () => {
  const { page } = await connected();
  /** @type {((value: unknown) => void)[]} */
  const answers = [];
  const hold = () => new Promise((resolve) => answers.push(resolve));
  server.onSocket = (socket) => socket.hook("ask", hold);
  server.socket.hook("ask", hold);
  const ask = () =>
    page.evaluate(() => {
      const asked = app.emit({ type: "ask", message: "", acknowledge() {} });
      return asked.then(
        (value) => value,
        ({ code }) => code,
      );
    });
  const lost = ask();
  await until(() => answers.length === 1, "the first call arrives");
  stage.site.cut();
  await page.evaluate(() => app.until("SOCKET_CONNECTED", 2));
  const answered = ask();
  await until(() => answers.length === 2, "the second call arrives");
  answers[0]("for the first");
  answers[1]("for the second");
  assert.equal(await lost, "CONNECTION_LOST");
  assert.equal(await answered, "for the second");
});

test("nonsense is reported, and reading goes on", async () => {
  const listeners = [{ event: "tick", actionType: "TICK" }];
  const { page, noise } = await connected({ listeners });
  const nonsense = [
    "",
    "7",
    "x",
    "b",
    "4",
    "47",
    '42{"a":1}',
    "42[]",
    "42[1]",
    '42["tick"',
    "45[]",
    "439[null,1]",
    "3",
  ];
  for (const text of nonsense) server.socket.ws.send(text);
  server.socket.ws.send(Buffer.from([9]));
  server.socket.fire("tick", 1);
  const [tick, errors] = await page.evaluate(async () => {
    const tick = await app.until("TICK");
    return [
      tick.payload,
      app.seen("SOCKET_ERROR").map(({ payload }) => payload.message),
    ];
  });
  assert.deepEqual(tick, [1]);
  // A stray pong is none of them: it is left out of account.
  assert.ok(errors.length >= nonsense.length - 1, errors.join("\n"));
  assert.equal(server.sockets.length, 1, "on the same socket");
  assert.deepEqual(noise, []);
});

test("an auth that is never answered ends in an error and a new attempt", async () => {
  server.onSocket = (socket) =>
    socket.hook("auth", () => new Promise(() => {}));
  const { page } = await stage.page();
  const code = await page.evaluate(async (port) => {
    globalThis.app = new lib.App(lib.bsockMiddleware, [], {
      authTimeout: 200,
      reconnect: { min: 50, max: 100, factor: 1 },
    });
    app.connect({ host: "127.0.0.1", port });
    return (await app.until("SOCKET_ERROR")).payload.code;
  }, stage.site.port);
  assert.equal(code, "AUTH_TIMEOUT");
  await until(() => server.sockets.length >= 2, "another attempt");
});

test("a server that falls silent is given up by its own timeouts", async () => {
  server.onSocket = (socket) => {
    socket.pingInterval = 200;
    socket.pingTimeout = 200;
  };
  const { page } = await connected();
  await until(() => server.frames.includes("2"), "the page pings in time");
  assert.equal(await page.evaluate(() => app.seen("SOCKET_CLOSED").length), 0);
  server.socket.sendPong = () => {};
  await page.evaluate(() => app.until("SOCKET_CONNECTED", 2));
  assert.equal(await page.evaluate(() => app.seen("SOCKET_CLOSED").length), 1);
});

/**
 * @param {() => boolean} condition
 * @param {string} what
 */
async function until(condition, what) {
  for (let i = 0; i < 200 && !condition(); i++) await pause(25);
  assert.ok(condition(), what);
}
