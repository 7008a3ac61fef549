import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Waiting } from "./waiting.js";
import { Store } from "./store.js";
import { Bodies, Body } from "./payload.js";

// A Store between a page and a module that only lists how it is called.

/** @type {any[]} what the page got */
let actions;
/** @type {any[]} how the module was called */
let calls;
/** @type {any} */
let guest;
/** @type {Bodies} */
let bodies;

beforeEach(() => {
  actions = [];
  calls = [];
  bodies = new Bodies();
  guest = {
    checkDepth() {},
    handleConnect: (...args) => void calls.push(args),
    handleDisconnect: (...args) => void calls.push(args),
    handleEmit: (...args) => calls.push(args) > 0,
    handleKey: (...args) => void calls.push(args),
    handleKeyError: (...args) => void calls.push(args),
  };
});

/**
 * @param {any} [options]
 * @param {(action: any) => void} [dispatch]
 */
function store(options = {}, dispatch = (action) => void actions.push(action)) {
  const module = /** @type {any} */ ({
    guest,
    bodies,
    enter: (/** @type {() => void} */ call) => call(),
    failed() {},
  });
  const next = (/** @type {any} */ action) => void actions.push(action);
  return new Store(module, 0, { dispatch, next, options });
}

/** @param {Store} s @param {any} bsock @param {any} [meta] */
function emit(s, bsock, meta) {
  const waiting = new Waiting(true);
  s.handle({ type: "EMIT_SOCKET", bsock, meta }, waiting);
  return { waiting, ref: calls.at(-1)[1] };
}

/** @param {Store} s @param {any} bsock */
function connect(s, bsock) {
  const waiting = new Waiting(false);
  s.handle({ type: "CONNECT_SOCKET", bsock }, waiting);
  return waiting;
}

/** A received body, of an event unless told otherwise. */
function receive(text, ...attachments) {
  const body = new Body(text);
  body.attachments = attachments;
  return bodies.keep(body);
}

const error = { message: "No.", name: "", type: "", code: "BAD" };

const placeholder = '{"_placeholder":true,"num":0}';

/** Keeps what is given back to the page as uncaught. */
function uncaught(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  return () => {
    try {
      t.mock.timers.runAll();
    } catch (thrown) {
      return thrown;
    }
    return undefined;
  };
}

// What goes in.

test("an emit carries the values of what is left, in the order of its keys", () => {
  const s = store();
  emit(s, { z: 1, type: "a", 2: "two", message: "b", 1: "one", y: undefined });
  const [, ref, attachments, fields] = calls[0];
  assert.equal(bodies.get(ref).text, '["a","b","one","two",1,null]');
  assert.equal(attachments, 0);
  assert.deepEqual(fields, { type: "a", message: "b", acknowledge: undefined });
});

test("an emit that is not consumed leaves no body", () => {
  guest.handleEmit = () => false;
  const consumed = store().handle(
    { type: "EMIT_SOCKET", bsock: { type: "a", message: "b" } },
    new Waiting(true),
  );
  assert.equal(consumed, false);
  assert.equal(bodies.size, 0);
});

for (const type of ["EMIT_SOCKET", "CONNECT_SOCKET", "DISCONNECT_SOCKET"]) {
  test(`${type} that nests too deep leaves no body`, () => {
    const tooDeep = Object.assign(new Error(), { code: "TOO_DEEP" });
    guest.checkDepth = () => {
      throw tooDeep;
    };
    const handle = () =>
      store().handle({ type, bsock: { port: 1 } }, new Waiting(false));
    assert.throws(handle, tooDeep);
    assert.equal(bodies.size, 0);
    assert.deepEqual(calls, []);
  });
}

test("arguments that are no JSON are a problem, and not an exception", () => {
  emit(store(), { type: "a", message: "b", big: 5n });
  assert.match(
    calls[0][5],
    /^the arguments cannot be written as JSON: .*BigInt/,
  );
});

test("listeners are those of the moment of connecting", () => {
  const listeners = [{ event: "e", actionType: "A" }];
  const s = store({ listeners });
  listeners.push({ event: "f", actionType: "B" });
  connect(s, { port: 1 });
  assert.equal(calls[0][4].length, 2);
});

test("a connect that is refused leaves key and listeners as they were", () => {
  const listeners = [{ event: "e", actionType: "OLD" }];
  const s = store({ listeners });
  connect(s, { port: 1, apiKey: "old" });
  guest.handleConnect = (store, ref) => s.emits.reject(ref, error);
  listeners[0] = { event: "e", actionType: "NEW" };
  connect(s, { port: 0, apiKey: "new" });
  s.key.askKey(1);
  assert.equal(bodies.get(calls.at(-1)[2]).text, '["auth","old"]');
  s.listeners.deliver(0, receive('["e"]'), 0, true);
  assert.equal(actions.at(-1).type, "OLD");
});

test("a refused connect does not undo the one that the page makes of it", () => {
  const s = store({}, (action) => {
    if (action.type === "SOCKET_ERROR") {
      connect(s, { port: 1, apiKey: "right" });
    }
  });
  connect(s, { port: 1, apiKey: "first" });
  guest.handleConnect = (store, ref) => {
    guest.handleConnect = () => {};
    s.page.dispatchError(0, error);
    s.emits.reject(ref, error);
  };
  connect(s, { port: 0, apiKey: "wrong" });
  s.key.askKey(1);
  assert.equal(bodies.get(calls.at(-1)[2]).text, '["auth","right"]');
});

// What comes out.

test("a listener gets all arguments, one with an ack the first", () => {
  const s = store({
    listeners: [
      { event: "e", actionType: "ALL" },
      { event: "e", actionType: "FIRST", ack: "ok" },
    ],
  });
  connect(s, { port: 1 });
  for (const text of ['["e",1,[2]]', '["e"]', '["e",null]', '["e",0]']) {
    const ref = receive(`42${text}`);
    assert.equal(s.listeners.deliver(0, ref, 2, false), 0);
    s.listeners.deliver(1, ref, 2, true);
  }
  assert.deepEqual(actions, [
    { type: "ALL", payload: [1, [2]] },
    { type: "FIRST", payload: 1 },
    { type: "ALL", payload: [] },
    { type: "ALL", payload: [null] },
    { type: "ALL", payload: [0] },
    { type: "FIRST", payload: 0 },
  ]);
  assert.equal(bodies.size, 1, "only the connect is still held");
});

test("a body that is no JSON is malformed, and let go", () => {
  const s = store({ listeners: [{ event: "e", actionType: "A" }] });
  connect(s, { port: 1 });
  const { ref } = emit(s, { type: "a", message: "b", acknowledge() {} });
  const before = bodies.size;
  assert.equal(s.listeners.deliver(0, receive('["e"'), 0, true), 2);
  assert.equal(s.emits.settle(ref, receive("[null"), 0), 2);
  assert.equal(bodies.size, before);
  assert.ok(bodies.has(ref), "the emit goes on to wait for its rejection");
});

test("binary is a Buffer where there is one, and what the option Buffer makes", () => {
  const listeners = [{ event: "e", actionType: "A" }];
  const deliver = (/** @type {any} */ options) => {
    const s = store({ listeners, ...options });
    connect(s, { port: 1 });
    s.listeners.deliver(
      0,
      receive(`["e",${placeholder}]`, Uint8Array.of(1, 2)),
      0,
      true,
    );
    return actions.at(-1).payload[0];
  };
  assert.deepEqual(deliver({}), Buffer.from([1, 2]));

  class Own extends Uint8Array {
    /** @returns {any} */
    static from(/** @type {any} */ ...[data, offset, length]) {
      return new Own(data, offset, length);
    }
  }
  assert.ok(deliver({ Buffer: Own }) instanceof Own);
});

test("whoever has changed the action since is answered as it was", async () => {
  const s = store();
  const results = /** @type {any[]} */ ([]);
  const bsock = /** @type {any} */ ({
    type: "dispatch",
    message: "get tip",
    acknowledge: (/** @type {any} */ result) => results.push(result),
  });
  const action = { type: "EMIT_SOCKET", bsock };
  const waiting = new Waiting(true);
  s.handle(action, waiting);
  const [, ref] = calls[0];
  action.bsock = null;
  bsock.acknowledge = null;
  s.page.dispatchError(ref, error);
  assert.deepEqual(actions[0].payload.emit, {
    type: "dispatch",
    message: "get tip",
  });
  assert.equal(s.emits.settle(ref, receive("430[null,7]"), 3), 0);
  assert.deepEqual(results, [7]);
  assert.equal(await waiting.promise, 7);
  assert.equal(bodies.size, 0);
});

test("no answer is null, and that of a fire undefined", async () => {
  const s = store();
  const call = emit(s, { type: "a", message: "b", acknowledge() {} });
  s.emits.settle(call.ref, receive("[null]"), 0);
  assert.equal(await call.waiting.promise, null);
  const fire = emit(s, { type: "a", message: "b" });
  s.emits.settle(fire.ref, 0, 0);
  assert.equal(await fire.waiting.promise, undefined);
});

// What the page throws. Rule 3 of the border: an import never throws.

test("what the page throws is kept from the module, and given back", (t) => {
  const given = uncaught(t);
  const thrown = new Error("a reducer fails");
  const s = store({ listeners: [{ event: "e", actionType: "A" }] }, () => {
    throw thrown;
  });
  connect(s, { port: 1 });
  const { ref } = emit(s, {
    type: "a",
    message: "b",
    acknowledge() {
      throw thrown;
    },
  });
  for (const [
    name,
    call,
    result,
  ] of /** @type {[string, () => any, any][]} */ ([
    ["dispatch", () => s.page.dispatch("A"), false],
    ["dispatchClosed", () => s.page.dispatchClosed(1000, "", false), false],
    ["dispatchError", () => s.page.dispatchError(0, error), false],
    ["deliver", () => s.listeners.deliver(0, receive('["e"]'), 0, true), 1],
    ["settle", () => s.emits.settle(ref, receive("[null]"), 0), 1],
  ])) {
    assert.equal(call(), result, name);
    assert.equal(given(), thrown, name);
  }
});

for (const thrown of [
  undefined,
  null,
  "text",
  Symbol("s"),
  Object.create(null),
]) {
  test(`a page may throw ${typeof thrown === "object" ? "an odd object" : String(thrown)}`, (t) => {
    uncaught(t);
    let throwing = true;
    const s = store({}, (action) => {
      if (throwing) {
        throw thrown;
      }
      actions.push(action);
    });
    assert.equal(s.page.dispatch("A"), false);
    throwing = false;
    s.page.dispatchThrown();
    assert.equal(actions[0].type, "SOCKET_ERROR");
    assert.equal(actions[0].payload.code, "APPLICATION_ERROR");
    assert.equal(actions[0].payload.cause, thrown);
  });
}

test("what is thrown at a SOCKET_ERROR makes no other", (t) => {
  uncaught(t);
  let dispatched = 0;
  const s = store({}, () => {
    dispatched++;
    throw new Error("always");
  });
  s.page.dispatchError(0, error);
  s.page.dispatchThrown();
  assert.equal(dispatched, 1);
  s.page.dispatch("A");
  s.page.dispatchThrown();
  s.page.dispatchThrown();
  assert.equal(dispatched, 3);
});

// The key.

test("a key may be a value, a function, or a promise of one", async () => {
  for (const [apiKey, text] of /** @type {[any, string][]} */ ([
    ["k", '["auth","k"]'],
    [undefined, '["auth",null]'],
    [() => "k", '["auth","k"]'],
    [async () => "k", '["auth","k"]'],
    [Promise.resolve("k"), '["auth","k"]'],
  ])) {
    const s = store();
    connect(s, { port: 1, apiKey });
    s.key.askKey(4);
    await null;
    await null;
    const [, attempt, ref] = calls.at(-1);
    assert.equal(attempt, 4);
    assert.equal(bodies.get(ref).text, text);
  }
});

test("a key that cannot be had is told, with why", async () => {
  const fail = () => {
    throw new Error("locked");
  };
  for (const [apiKey, why] of /** @type {[any, RegExp][]} */ ([
    [fail, /^locked$/],
    [async () => fail(), /^locked$/],
    [5n, /BigInt/],
    [async () => 5n, /BigInt/],
  ])) {
    const s = store();
    connect(s, { port: 1, apiKey });
    s.key.askKey(4);
    await null;
    await null;
    await null;
    const [number, attempt, message] = calls.at(-1);
    assert.deepEqual([number, attempt], [0, 4]);
    assert.match(message, why);
  }
});

test("a disconnectedAction with a getter that throws throws at nobody", (t) => {
  const thrown = uncaught(t);
  const disconnectedAction = {
    type: "GONE",
    get meta() {
      throw new Error("of a getter");
    },
  };
  const options = { disconnectedAction };
  const module = /** @type {any} */ ({ guest, bodies });
  const next = (/** @type {any} */ action) => void actions.push(action);
  const dispatch = next;
  const made = { dispatch, next, options, socket: "named" };
  assert.equal(new Store(module, 0, made).page.forward(), false);
  assert.deepEqual(actions, []);
  assert.match(String(thrown()), /of a getter/);
});
