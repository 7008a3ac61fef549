import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Early } from "./early.js";

/** @type {any[]} what was made */
let sockets;
/** @type {string} what the next one is refused with */
let refusal;
const { WebSocket: real } = globalThis;

beforeEach(() => {
  sockets = [];
  refusal = "";
  globalThis.WebSocket = /** @type {any} */ (
    class {
      readyState = 0;
      closed = /** @type {number[]} */ ([]);
      constructor(/** @type {string} */ url) {
        if (refusal) throw new Error(refusal);
        this.url = url;
        sockets.push(this);
      }
      close(/** @type {number} */ code) {
        this.closed.push(code);
      }
    }
  );
});
afterEach(() => {
  globalThis.WebSocket = real;
  mock.timers.reset();
});

const url = "ws://127.0.0.1:5000/socket.io/?transport=websocket";

/** What whoever has taken a WebSocket is told. */
function listen(/** @type {any} */ socket) {
  const told = /** @type {string[]} */ ([]);
  socket.onopen = () => told.push("open");
  socket.onmessage = ({ data }) => told.push(data);
  socket.onclose = ({ code }) => told.push(`close ${code}`);
  return told;
}

for (const [bsock, wanted] of /** @type {[any, string | null][]} */ ([
  [{ port: 5000 }, url],
  [{ host: "127.0.0.1", port: 5000, ssl: false, apiKey: "a" }, url],
  [
    { host: "a-b.Example", port: 65535, ssl: true },
    "wss://a-b.Example:65535/socket.io/?transport=websocket",
  ],
  [{}, null],
  [{ port: "5000" }, null],
  [{ port: 0 }, null],
  [{ port: 65536 }, null],
  [{ port: 1.5 }, null],
  [{ port: 5000, host: "" }, null],
  [{ port: 5000, host: "::1" }, null],
  [{ port: 5000, host: "a/b" }, null],
  [{ port: 5000, host: "a?b" }, null],
  [{ port: 5000, host: "größe" }, null],
  [{ port: 5000, host: null }, null],
  [{ port: 5000, host: 5 }, null],
  [{ port: 5000, ssl: "no" }, null],
  [{ port: 5000, apiKey: () => "a" }, null],
  [{ port: 5000, namespace: "a" }, null],
  [{ port: 5000, protocols: ["a"] }, null],
  [{ port: 5000, protocol: "socket.io" }, null],
  [{ port: 5000, nsps: ["/a"] }, null],
  [{ port: 5000, auth: {} }, null],
]))
  test(`${JSON.stringify(bsock)} ${wanted ? "is dialled" : "is left to the module"}`, () => {
    const early = Early.of(bsock);
    assert.equal(early !== null, wanted !== null);
    assert.deepEqual(
      sockets.map((socket) => socket.url),
      wanted ? [wanted] : [],
    );
  });

test("a browser that refuses leaves it to the module", () => {
  refusal = "insecure";
  assert.equal(Early.of({ port: 5000 }), null);
});

test("who takes it is told what has happened, in order, before anything else", async () => {
  const early = /** @type {Early} */ (Early.of({ port: 5000 }));
  const [socket] = sockets;
  assert.equal(socket.binaryType, "arraybuffer");
  socket.onopen({});
  socket.onmessage({ data: "0{}" });
  socket.onmessage({ data: "40" });
  assert.equal(early.take(url, ""), socket);
  const told = listen(socket);
  assert.deepEqual(told, [], "not from inside the call that takes it");
  await null;
  assert.deepEqual(told, ["open", "0{}", "40"]);
  socket.onmessage({ data: "later" });
  assert.deepEqual(told.at(-1), "later");

  assert.equal(early.take(url, ""), null, "it is taken once");
  early.end();
  assert.deepEqual(socket.closed, [], "and is another's now");
});

test("who lets go of it meanwhile is told nothing", async () => {
  const early = /** @type {Early} */ (Early.of({ port: 5000 }));
  const [socket] = sockets;
  socket.onopen({});
  early.take(url, "");
  const told = listen(socket);
  socket.onopen = null;
  await null;
  assert.deepEqual(told, []);
});

test("what is not wanted is closed, and says nothing any more", () => {
  const early = /** @type {Early} */ (Early.of({ port: 5000 }));
  const [socket] = sockets;
  socket.readyState = 1;
  assert.equal(early.take(url + "&EIO=4", ""), null);
  assert.equal(early.take(url, "a"), null);
  early.end();
  early.end();
  assert.deepEqual(socket.closed, [1000]);
  assert.deepEqual(
    [socket.onopen, socket.onmessage, socket.onclose],
    [null, null, null],
  );
  assert.equal(early.take(url, ""), null);
});

test("what is not wanted before it is open is closed then", () => {
  const early = /** @type {Early} */ (Early.of({ port: 5000 }));
  const [socket] = sockets;
  early.end();
  assert.deepEqual(socket.closed, []);
  socket.onopen();
  assert.deepEqual(socket.closed, [1000]);
});

test("one that could not be opened is taken, with its end", async () => {
  const early = /** @type {Early} */ (Early.of({ port: 5000 }));
  const [socket] = sockets;
  socket.readyState = 3;
  socket.onclose({ code: 1006 });
  assert.equal(early.take(url, ""), socket);
  const told = listen(socket);
  await null;
  assert.deepEqual(told, ["close 1006"]);
});

test("one that was open and is not any more is dialled again", () => {
  const early = /** @type {Early} */ (Early.of({ port: 5000 }));
  const [socket] = sockets;
  socket.onopen({});
  socket.readyState = 2;
  assert.equal(early.take(url, ""), null);
  socket.readyState = 3;
  socket.onclose({ code: 1000 });
  assert.equal(early.take(url, ""), null);
});

test("one that has waited too long is not taken", () => {
  mock.timers.enable({ apis: ["Date"], now: 1e12 });
  const early = /** @type {Early} */ (Early.of({ port: 5000 }));
  mock.timers.setTime(1e12 + 5001);
  assert.equal(early.take(url, ""), null);
  mock.timers.setTime(1e12 - 5001); // the clock was set
  assert.equal(early.take(url, ""), null);
  mock.timers.setTime(1e12 + 5000);
  assert.equal(early.take(url, ""), sockets[0]);
});

for (const [what, data] of /** @type {[string, any][]} */ ([
  ["talks without end", "2"],
  ["says much at once", "2".repeat(1e5)],
  ["sends many bytes", new ArrayBuffer(1e5)],
]))
  test(`a server that ${what} is left`, () => {
    const early = /** @type {Early} */ (Early.of({ port: 5000 }));
    const [socket] = sockets;
    socket.readyState = 1;
    for (let i = 0; socket.onmessage; i++) {
      assert.ok(i < 1 << 16);
      socket.onmessage({ data });
    }
    assert.deepEqual(socket.closed, [1000]);
    assert.equal(early.take(url, ""), null);
  });

test("what goes wrong is not thrown at the process", () => {
  const early = /** @type {Early} */ (Early.of({ port: 5000 }));
  const [socket] = sockets;
  socket.onerror({});
  early.end();
  socket.onerror({});
});

test("fields that throw are left to the module", () => {
  const bsock = {
    get port() {
      throw new Error("not now");
    },
  };
  assert.equal(Early.of(bsock), null);
});

test("what nobody takes is closed after a while", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  Early.of({ port: 5000 });
  const [socket] = sockets;
  socket.readyState = 1;
  mock.timers.tick(4999);
  assert.deepEqual(socket.closed, []);
  mock.timers.tick(1);
  assert.deepEqual(socket.closed, [1000]);
});

test("a page that is left leaves none behind", () => {
  const listeners = new Set();
  const page = /** @type {any} */ (globalThis);
  page.addEventListener = (/** @type {string} */ type, /** @type {any} */ f) =>
    listeners.add(`${type}`) && (page.left = f);
  page.removeEventListener = (/** @type {string} */ type) =>
    listeners.delete(type);
  try {
    const early = /** @type {Early} */ (Early.of({ port: 5000 }));
    const [socket] = sockets;
    socket.readyState = 1;
    page.left();
    assert.deepEqual(socket.closed, [1000]);
    assert.equal(listeners.size, 0);
    assert.equal(early.take(url, ""), null);
  } finally {
    delete page.addEventListener;
    delete page.removeEventListener;
    delete page.left;
  }
});
