import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Waiting } from "./waiting.js";
import { Store } from "./store.js";
import { Bodies, Body } from "./payload.js";

// What listeners make of events, and what emits and sockets add to actions.

/** @type {any[]} what the page got */
let actions;
/** @type {any[]} what the module was told */
let calls;
/** @type {Bodies} */
let bodies;

beforeEach(() => {
  actions = [];
  calls = [];
  bodies = new Bodies();
});

/** @param {any} options @param {string} [socket] @param {any} [bsock] */
function store(options, socket, bsock) {
  const guest = new Proxy(
    {},
    {
      get:
        (_guest, name) =>
        (/** @type {any[]} */ ...args) =>
          calls.push([name, ...args]) > 0,
    },
  );
  const module = /** @type {any} */ ({
    guest,
    bodies,
    enter: (/** @type {() => void} */ call) => call(),
    failed() {},
  });
  const dispatch = (/** @type {any} */ action) => void actions.push(action);
  const s = new Store(module, 0, { dispatch, next: dispatch, options, socket });
  s.handle(
    { type: "CONNECT_SOCKET", bsock: { port: 1, ...bsock } },
    new Waiting(false),
  );
  return s;
}

/** @param {string} text @param {Uint8Array[]} attachments */
function receive(text, ...attachments) {
  const body = new Body(text);
  body.attachments = attachments;
  return bodies.keep(body);
}

const [DELIVERED, THREW, MALFORMED, FILTERED] = [0, 1, 2, 3];

// Filters and maps.

test("a filter says no, a map says what instead", () => {
  const { listeners } = store({
    listeners: [
      {
        event: "e",
        actionType: "A",
        filter: (/** @type {any} */ a, /** @type {any} */ b) => a > b,
        map: (/** @type {any} */ a, /** @type {any} */ b) => a - b,
      },
    ],
  });
  assert.equal(listeners.deliver(0, receive('["e",5,3]'), 0, true), DELIVERED);
  assert.equal(listeners.deliver(0, receive('["e",3,5]'), 0, true), FILTERED);
  assert.deepEqual(actions, [{ type: "A", payload: 2 }]);
  assert.equal(bodies.size, 1, "only the connect is still held");
});

for (const step of ["filter", "map"]) {
  test(`a ${step} that throws is the application's fault`, (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const thrown = new Error("mine");
    const fail = () => {
      throw thrown;
    };
    const s = store({
      listeners: [{ event: "e", actionType: "A", [step]: fail }],
    });
    assert.equal(s.listeners.deliver(0, receive('["e",5]'), 0, true), THREW);
    assert.throws(() => t.mock.timers.runAll(), thrown);
    s.page.dispatchThrown();
    assert.deepEqual(
      actions.map(({ type, payload }) => [type, payload.message]),
      [["SOCKET_ERROR", `The application threw at the ${step} of A: mine`]],
    );
  });
}

// What is gathered.

test("a batch is an array of what each would have been", () => {
  const { listeners } = store({
    listeners: [
      { event: "e", actionType: "A", batch: 5 },
      {
        event: "e",
        actionType: "B",
        batch: 5,
        filter: (/** @type {number} */ n) => n !== 2,
        map: (/** @type {number} */ n) => n * 10,
      },
    ],
  });
  for (const [n, second] of [
    [1, DELIVERED],
    [2, FILTERED],
    [3, DELIVERED],
  ]) {
    const ref = receive(`["e",${n}]`);
    assert.equal(listeners.gather(0, ref, 0, false, false), DELIVERED);
    assert.equal(listeners.gather(1, ref, 0, true, false), second);
  }
  assert.deepEqual(actions, []);
  listeners.deliverGathered(1);
  listeners.deliverGathered(0);
  listeners.deliverGathered(0);
  assert.deepEqual(actions, [
    { type: "B", payload: [10, 30] },
    { type: "A", payload: [[1], [2], [3]] },
  ]);
  assert.equal(bodies.size, 1);
});

test("the latest is as it would have been", () => {
  const { listeners } = store({
    listeners: [{ event: "e", actionType: "A", latest: 5 }],
  });
  for (const n of [1, 2, 3]) {
    listeners.gather(0, receive(`["e",${n}]`), 0, true, true);
  }
  listeners.deliverGathered(0);
  assert.deepEqual(actions, [{ type: "A", payload: [3] }]);
});

test("what was gathered is for who it was gathered for", () => {
  const options = { listeners: [{ event: "e", actionType: "OLD", batch: 5 }] };
  const s = store(options);
  s.listeners.gather(0, receive('["e",1]'), 0, true, false);
  options.listeners = [{ event: "e", actionType: "NEW", batch: 5 }];
  s.handle({ type: "CONNECT_SOCKET", bsock: { port: 2 } }, new Waiting(false));
  s.listeners.deliverGathered(0);
  assert.deepEqual(actions, [{ type: "OLD", payload: [[1]] }]);
});

test("what cannot be read is not gathered", () => {
  const { listeners } = store({
    listeners: [{ event: "e", actionType: "A", batch: 5 }],
  });
  assert.equal(listeners.gather(0, receive('["e"'), 0, true, false), MALFORMED);
  listeners.deliverGathered(0);
  assert.deepEqual(actions, []);
});

test("a call is answered by what its listener was when it was told", () => {
  const options = { listeners: [{ event: "h", actionType: "A", ack: "yes" }] };
  const s = store(options);
  const ref = receive('421["h",5]');
  s.listeners.deliver(0, ref, 3, false);
  options.listeners = [];
  s.handle({ type: "CONNECT_SOCKET", bsock: { port: 2 } }, new Waiting(false));
  const answer = s.listeners.answer(0, 1, ref, 3) % 2 ** 32;
  const [data] = bodies.get(answer).attachments;
  assert.equal(String(Buffer.from(data)), "yes");
  assert.equal(bodies.size, 3, "two connects and the answer");
});

// Sockets by name.

test("a socket has the listeners that name it", () => {
  const listeners = [
    { event: "a", actionType: "A" },
    { event: "b", actionType: "B", socket: "default" },
    { event: "c", actionType: "C", socket: "second" },
    { event: "d", actionType: "D", socket: "*" },
  ];
  const types = (/** @type {string | undefined} */ socket) =>
    store({ listeners }, socket).listeners.all.map(
      ({ actionType }) => actionType,
    );
  assert.deepEqual(types(undefined), ["A", "B", "D"]);
  assert.deepEqual(types("default"), ["A", "B", "D"]);
  assert.deepEqual(types("second"), ["C", "D"]);
});

test("actions say which socket they are of, but for the default one", () => {
  const away = { type: "AWAY", meta: { mine: 1 } };
  const options = {
    listeners: [{ event: "e", actionType: "E", socket: "*" }],
    disconnectedAction: away,
  };
  for (const socket of [undefined, "default", "second"]) {
    actions = [];
    const s = store(options, socket);
    s.page.dispatch("SOCKET_CONNECTED");
    s.page.dispatchClosed(1000, "", false);
    s.listeners.deliver(0, receive('["e",1]'), 0, true);
    s.page.forward();
    const meta = socket === "second" ? { socket } : undefined;
    assert.deepEqual(
      actions.map((action) => action.meta),
      [meta, meta, meta, { mine: 1, ...meta }],
    );
  }
  assert.deepEqual(away.meta, { mine: 1 }, "it is the application's");
});

// The status.

test("each change of the connection is an action", () => {
  const { page } = store({});
  page.dispatchConnecting(1);
  page.dispatchReconnecting(2, 500, 1500);
  page.dispatchFailed(3);
  page.dispatchResumed(900, 2);
  page.dispatchStatus(3, 1000, 2, 1500, -1, 7);
  page.dispatchStatus(2, 1000, 0, 0, 0, 0);
  const rest = { since: 1000, attempt: 0, retryAt: 0, latency: 0, queued: 0 };
  assert.deepEqual(actions, [
    { type: "SOCKET_CONNECTING", payload: { attempt: 1 } },
    {
      type: "SOCKET_RECONNECTING",
      payload: { attempt: 2, delay: 500, at: 1500 },
    },
    { type: "SOCKET_FAILED", payload: { attempts: 3 } },
    { type: "SOCKET_RESUMED", payload: { gap: 900, attempts: 2 } },
    {
      type: "SOCKET_STATUS",
      payload: {
        status: "reconnecting",
        since: 1000,
        attempt: 2,
        retryAt: 1500,
        latency: null,
        queued: 7,
      },
    },
    { type: "SOCKET_STATUS", payload: { status: "connected", ...rest } },
  ]);
});

// Emits.

/** @param {Store} s @param {any} bsock @param {any} [meta] */
function emit(s, bsock, meta) {
  const waiting = new Waiting(true);
  s.handle({ type: "EMIT_SOCKET", bsock, meta }, waiting);
  const [, , ref, , , read] = calls.at(-1);
  return { waiting, ref, read };
}

test("what an emit says of itself is read once", () => {
  const s = store({});
  const { read } = emit(
    s,
    { type: "a", message: "b" },
    { nsp: "/n", queue: "drop", ttl: 5, persist: true, forget: "x", more: 1 },
  );
  const { timeout, ack, ...rest } = read;
  assert.deepEqual([timeout, ack], [undefined, undefined]);
  assert.deepEqual(rest, {
    nsp: "/n",
    queue: "drop",
    ttl: 5,
    persist: true,
    forget: "x",
  });
  assert.equal(emit(s, { type: "a", message: "b" }).read, null);
});

test("Socket.IO's answer is all its values, and the promise the first", async () => {
  const s = store({}, undefined, { protocol: "socket.io" });
  for (const values of [[], [1], [null, 2], ["a", "b", "c"]]) {
    /** @type {any[]} */
    let got = [];
    const { ref, waiting } = emit(
      s,
      {
        type: "a",
        message: "b",
        acknowledge: (/** @type {any[]} */ ...args) => (got = args),
      },
      { ack: "ACK" },
    );
    s.emits.settle(ref, receive(`430${JSON.stringify(values)}`), 3);
    assert.deepEqual(got, values);
    assert.equal(await waiting.promise, values[0]);
    assert.deepEqual(actions.at(-1), { type: "ACK", payload: values[0] });
  }
});

test("a copy is of its own, the same, and waits for nobody", () => {
  const s = store({});
  const data = Uint8Array.of(1, 2);
  const { ref } = emit(s, { type: "a", message: "b", data });
  const copy = s.emits.copy(ref);
  assert.ok(s.emits.same(ref, copy));
  data[0] = 9;
  const other = emit(s, { type: "a", message: "b", data }).ref;
  assert.ok(s.emits.same(ref, copy), "the page has changed what it gave");
  assert.ok(!s.emits.same(other, copy));
  assert.ok(!s.emits.same(emit(s, { type: "a", message: "b" }).ref, copy));
  assert.equal(bodies.get(copy).waiting, null);
});

test("bodies have a hash in common if they are the same, and no other", () => {
  const s = store({});
  const hash = (/** @type {any} */ data) => {
    const { ref } = emit(s, { type: "a", message: "größer", data });
    assert.equal(s.emits.hash(ref), s.emits.hash(s.emits.copy(ref)));
    return s.emits.hash(ref);
  };
  const all = [
    undefined,
    "1",
    "2",
    "12",
    "21",
    "x".repeat(1e5),
    Uint8Array.of(1, 2),
    Uint8Array.of(2, 1),
    Uint8Array.of(),
  ];
  assert.deepEqual(all.map(hash), all.map(hash));
  assert.equal(new Set(all.map(hash)).size, all.length);
});

test("an argument is its JSON", () => {
  const s = store({});
  const { ref } = emit(s, { type: "a", message: 'b"', x: { y: [1] }, z: null });
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((n) => s.emits.argument(ref, n)),
    ['"a"', '"b\\""', '{"y":[1]}', "null", ""],
  );
});

// What a namespace is joined with.

test("auth may be anything that has JSON, or nothing", async () => {
  for (const [auth, json] of /** @type {[any, string | null][]} */ ([
    [{ token: "t" }, '{"token":"t"}'],
    [() => ({ token: "t" }), '{"token":"t"}'],
    [async () => ({ token: "t" }), '{"token":"t"}'],
    [undefined, null],
    [null, null],
    [() => undefined, null],
  ])) {
    const s = store({}, undefined, { auth });
    s.auth.askAuth(4);
    await null;
    await null;
    const [name, , attempt, ref] = calls.at(-1);
    assert.deepEqual([name, attempt], ["handleAuth", 4]);
    assert.equal(ref === 0 ? null : bodies.get(ref).text, json);
  }
});

test("auth that cannot be had is told, with why", () => {
  const fail = () => {
    throw new Error("locked");
  };
  store({}, undefined, { auth: fail }).auth.askAuth(4);
  assert.deepEqual(calls.at(-1), ["handleKeyError", 0, 4, "locked"]);
});

test("a key or an auth is new if what is in it is", () => {
  const isNew = (/** @type {any} */ first, /** @type {any} */ second) => {
    const s = store({}, undefined, first);
    s.handle(
      { type: "CONNECT_SOCKET", bsock: { port: 1, ...second } },
      new Waiting(false),
    );
    return calls.at(-1)[3];
  };
  assert.equal(isNew({ apiKey: "a" }, { apiKey: "a" }), false);
  assert.equal(isNew({ apiKey: "a" }, { apiKey: "b" }), true);
  assert.equal(isNew({ apiKey: () => 1 }, { apiKey: () => 1 }), false);
  assert.equal(isNew({ auth: { t: 1 } }, { auth: { t: 1 } }), false);
  assert.equal(isNew({ auth: { t: 1 } }, { auth: { t: 2 } }), true);
  assert.equal(isNew({ auth: { t: 1 } }, {}), true);
});
