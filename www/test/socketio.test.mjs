// @ts-check
//
// The middleware in a page against npm's Socket.IO: whichever generation the
// server is of, events reach the store, emits the server, and acks both.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { SocketIOServer } from "./socketio-server.mjs";
import { Stage } from "./stage.mjs";

const stage = new Stage();
/** @type {SocketIOServer} */
let server;

before(() => stage.openPages());
afterEach(async () => {
  await stage.closePages();
  await server.close();
});
after(() => stage.close());

const token = "the page's token";

/** @type {[name: string, generation: "2" | "4", options: object, protocol: string, spoken: number][]} */
const kinds = [
  ["2.5", "2", {}, "socket.io@2", 3],
  ["2.5, found out", "2", {}, "socket.io", 3],
  ["4 with allowEIO3, as 2", "4", { allowEIO3: true }, "socket.io@2", 3],
  ["4 with allowEIO3, found out", "4", { allowEIO3: true }, "socket.io", 4],
  ["4", "4", {}, "socket.io@4", 4],
  ["4, found out", "4", {}, "socket.io", 4],
];

for (const [name, generation, options, protocol, spoken] of kinds)
  describe(`socket.io ${name}`, () => {
    /**
     * Opens a page whose store is connected to a new server.
     *
     * @param {object} [where]
     */
    async function connected(where) {
      server = await new SocketIOServer(generation, options).open();
      stage.site.upstream = server.url;
      const open = await stage.page();
      const fields = { host: "127.0.0.1", port: stage.site.port, protocol };
      await open.page.evaluate(connectPage, { ...fields, ...where });
      return open;
    }

    test("introduces itself", async () => {
      await connected({ auth: { token } });
      const [url] = server.urls;
      assert.match(url, /^\/socket\.io\/\?transport=websocket/);
      assert.deepEqual(server.heard, [], "no call of bsock's own");
      if (spoken === 4)
        assert.deepEqual(server.socket().handshake.auth, { token });
    });

    test("events, binary ones too, both ways", async () => {
      const { page } = await connected();
      const bytes = Buffer.from([0, 0xff]);
      server.socket().emit("größe 雪", 1, bytes, { deep: [bytes] });
      const heard = await page.evaluate(async () => {
        const { payload } = await app.until("HEARD");
        const raw = new Uint8Array([7]);
        app.emit({
          type: "größe 雪",
          message: "m",
          raw,
          more: { deep: [raw] },
        });
        return lib.plain(payload);
      });
      const kind = heard[1].kind;
      assert.deepEqual(heard, [
        1,
        { kind, hex: "00ff" },
        { deep: [{ kind, hex: "00ff" }] },
      ]);
      await until(() => server.heard.length);
      const seven = Buffer.from([7]);
      assert.deepEqual(server.heard, [
        ["/", "größe 雪", "m", seven, { deep: [seven] }],
      ]);
    });

    test("acks, both ways", async () => {
      const { page } = await connected();
      const answers = await page.evaluate(async () => {
        /** @type {unknown[]} */
        const acknowledged = [];
        const call = { type: "echo", message: "a", more: 2 };
        const acknowledge = (/** @type {unknown[]} */ ...values) =>
          acknowledged.push(values);
        await app.emit({ ...call, acknowledge });
        return acknowledged;
      });
      assert.deepEqual(answers, [["a", 2]], "all the values of an ack");
      const answer = await new Promise((resolve) =>
        server.socket().emit("sum", 1, 2, resolve),
      );
      assert.equal(answer, 3);
    });

    test("a namespace, and one that refuses", async () => {
      const { page } = await connected({ nsps: ["/admin", "/closed"] });
      const refused = await page.evaluate(async () => {
        const { payload } = await app.until("SOCKET_ERROR");
        return { message: payload.message, code: payload.code };
      });
      assert.equal(refused.code, "NAMESPACE_REFUSED");
      assert.match(refused.message, /not authorized/);
      await until(() => server.socket("/admin"));
      server.socket("/admin").emit("alert", "disk is full");
      const alert = await page.evaluate(async () => {
        const { payload } = await app.until("ALERT");
        const meta = { nsp: "/admin" };
        const call = { type: "echo", message: "inside" };
        const acknowledge = () => {};
        return [payload, await app.emit({ ...call, acknowledge }, meta)];
      });
      assert.deepEqual(alert, [["disk is full"], "inside"]);
      assert.deepEqual(server.heard, [["/admin", "echo", "inside"]]);
    });

    test("comes back, to its namespaces as well", async () => {
      const { page } = await connected({ nsps: ["/admin"] });
      await until(() => server.socket("/admin"));
      server.socket().disconnect(true);
      await page.evaluate(() => app.until("SOCKET_CONNECTED", 2));
      await until(() => server.sockets.length === 4);
      server.socket().emit("größe 雪", "again");
      server.socket("/admin").emit("alert", "again");
      const heard = await page.evaluate(async () => {
        await app.until("ALERT");
        await app.until("HEARD");
        await lib.pause(100);
        return ["HEARD", "ALERT"].map((type) => app.seen(type).length);
      });
      assert.deepEqual(heard, [1, 1], "nothing comes twice");
    });

    test("ends when it is told to", async () => {
      const { page } = await connected();
      const gone = new Promise((resolve) =>
        server.socket().on("disconnect", resolve),
      );
      await page.evaluate(() =>
        app.dispatch({ type: "DISCONNECT_SOCKET", bsock: {} }),
      );
      await gone;
      const { length } = server.sockets;
      await pause(200);
      assert.equal(server.sockets.length, length, "and does not come back");
    });
  });

/**
 * Runs in the page.
 *
 * @param {object} where
 */
async function connectPage(where) {
  const listeners = [
    { event: "größe 雪", actionType: "HEARD" },
    { event: "alert", actionType: "ALERT", nsp: "/admin" },
    {
      event: "sum",
      actionType: "SUM",
      ack: async (/** @type {number[]} */ ...numbers) =>
        numbers.reduce((a, b) => a + b),
    },
  ];
  const addSocketConstants = (/** @type {any} */ sockets) =>
    sockets.listeners.push(...listeners);
  globalThis.app = new lib.App(lib.bsockMiddleware, [{ addSocketConstants }], {
    reconnect: { min: 50, max: 100, factor: 1 },
  });
  app.connect(where);
  await app.until("SOCKET_CONNECTED");
}

/** @param {() => unknown} done */
async function until(done) {
  for (let tries = 0; !done(); tries++) {
    assert.ok(tries < 1000, "it comes in time");
    await pause(10);
  }
}
