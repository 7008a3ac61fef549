import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Lease } from "./lease.js";
import { Bodies, encode } from "./payload.js";
import { Waiting } from "./waiting.js";

// A Lease before a module that lists what it is told. That a page cannot tell
// the difference is what www/test/leases.test.mjs is about.

/** @type {string[]} what was sent */
let sent;
/** @type {string[]} what the module was told */
let told;
/** @type {any} */
let guest;
/** @type {any} */
let socket;
/** @type {Bodies} */
let bodies;
/** @type {Lease} */
let lease;
/** @type {boolean} whether the page throws at answers */
let throws;

beforeEach(() => {
  sent = [];
  told = [];
  throws = false;
  bodies = new Bodies();
  guest = {
    busy: false,
    nested: false,
    handleSent: (_store, time, id, ref) => {
      const { type, message } = bodies.get(ref).waiting?.fields ?? {};
      told.push(`sent ${id} at ${time}, ${type} ${message}`);
    },
    endLease: (_store, id) => told.push(`ended at ${id}`),
  };
  socket = {
    isOpen: true,
    send: (text) => sent.push(text) > 0,
  };
  const emits = {
    result: (text, offset) =>
      text.startsWith("[null,", offset) && text.endsWith("]")
        ? JSON.parse(text.slice(offset))
        : null,
    finish: (waiting, [, value]) => {
      waiting.settle(value);
      return !throws;
    },
  };
  const page = { dispatchThrown: () => told.push("thrown") };
  const module = { guest, bodies };
  lease = new Lease(
    /** @type {any} */ ({ module, number: 0, socket, emits, page }),
  );
});

const acknowledge = () => {};

/** @param {any} fields */
function emitOf(fields) {
  const waiting = new Waiting(true);
  waiting.fields = { type: "t", message: "m", acknowledge, ...fields };
  return waiting;
}

/** Emits, as far as the lease is concerned; `rest` are further arguments. */
function emit(fields = {}, ...rest) {
  const waiting = emitOf(fields);
  const { type, message } = waiting.fields;
  const taken = lease.send(encode([type, message, ...rest]), waiting);
  return { taken, waiting };
}

/** Has the module offer a lease at the end of an emit. */
function offer(id = 5, calls = true, fields = {}) {
  lease.take(id, calls);
  lease.learn(emitOf(fields));
}

test("calls like the one that was offered it are sent, with ids upward", () => {
  offer();
  assert.deepEqual(
    [emit(), emit({}, { a: 1 }), emit()].map(({ taken }) => taken),
    [true, true, true],
  );
  assert.deepEqual(sent, [
    '425["t","m"]',
    '426["t","m",{"a":1}]',
    '427["t","m"]',
  ]);
  assert.deepEqual(told, []);
});

test("a fire is settled as soon as it is sent", async () => {
  offer();
  const { taken, waiting } = emit({ acknowledge: undefined });
  assert.deepEqual([taken, sent], [true, ['42["t","m"]']]);
  assert.equal(await waiting.promise, undefined);
  lease.end();
  assert.deepEqual(told, ["ended at 5"]);
});

for (const [why, prepare, fields, ...rest] of /** @type {any[]} */ ([
  ["before anything is offered", () => {}, {}],
  [
    "what is offered from inside a call",
    () => {
      guest.nested = true;
      offer();
      guest.nested = false;
    },
    {},
  ],
  ["an emit of another type", offer, { type: "u" }],
  ["an emit of another message", offer, { message: "n" }],
  ["what acknowledges by no function", offer, { acknowledge: null }],
  ["what has attachments", offer, {}, Uint8Array.of(1)],
  ["a call where only fires are offered", () => offer(5, false), {}],
  ["a call when ids are at their end", () => offer(0xffffffff), {}],
  [
    "another connection",
    () => {
      offer();
      lease.forget();
    },
    {},
  ],
  [
    "an emit from inside a call",
    () => {
      offer();
      guest.busy = true;
    },
    {},
  ],
  [
    "a WebSocket that closes",
    () => {
      offer();
      socket.isOpen = false;
      socket.send = () => false;
    },
    {},
  ],
  [
    "what is emitted behind the end",
    () => {
      offer();
      lease.pause();
    },
    {},
  ],
])) {
  test(`not sent: ${why}`, () => {
    prepare();
    assert.equal(emit(fields, ...rest).taken, false);
    assert.deepEqual(sent, []);
  });
}

test("a call that the browser refuses leaves its id to the next", () => {
  offer();
  const { send } = socket;
  socket.send = () => false;
  assert.equal(emit().taken, false);
  socket.send = send;
  emit();
  assert.deepEqual(sent, ['425["t","m"]']);
});

test("an answer that comes while the call is being sent settles it", async () => {
  offer();
  socket.send = () => lease.answer("435[null,9]");
  const { taken, waiting } = emit();
  assert.equal(taken, true);
  assert.equal(await waiting.promise, 9);
});

test("an answer settles its own call, once, without the module", async () => {
  offer();
  const [one, other] = [emit().waiting, emit().waiting];
  assert.equal(lease.answer("436[null,2]"), true);
  assert.equal(lease.answer("436[null,3]"), false);
  assert.equal(lease.answer("435[null,1]"), true);
  assert.deepEqual([await one.promise, await other.promise], [1, 2]);
  lease.end();
  assert.deepEqual(told, ["ended at 7"]);
});

test("what the page throws at an answer is told", () => {
  offer();
  emit();
  throws = true;
  assert.equal(lease.answer("435[null,1]"), true);
  assert.deepEqual(told, ["thrown"]);
});

test("an emit for the module learns the next id, and nothing of the calls", () => {
  offer();
  emit();
  lease.pause();
  lease.pause();
  assert.deepEqual(told, ["ended at 6"]);
  assert.equal(lease.answer("435[null,1]"), true, "it is still ours");
});

test("what may end the connection is told of every call first", (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1000 });
  offer();
  offer(5, true, { message: "n" });
  emit();
  t.mock.timers.tick(7);
  emit({ message: "n" });
  lease.end();
  assert.deepEqual(told, [
    "ended at 7",
    "sent 5 at 1000, t m",
    "sent 6 at 1007, t n",
  ]);
  lease.end();
  assert.equal(told.length, 3);
  assert.equal(lease.answer("435[null,1]"), false, "it is the module's");
});

for (const text of [
  "435[null,1",
  '435[{"message":"No."}]',
  "435[]",
  "435[false,1]",
  "43005[]",
]) {
  test(`${text} is the module's, which hears of that call alone`, () => {
    offer();
    const [{ waiting }] = [emit(), emit()];
    assert.equal(lease.answer(text), false);
    lease.expect(text);
    assert.deepEqual(told, [`sent 5 at ${waiting.sent}, t m`]);
    assert.equal(emit().taken, true, "the lease goes on");
  });
}

for (const text of [
  '42["e",1]',
  '421["h",1]',
  '451-["e"]',
  "3",
  "2",
  "b4AQI=",
  "439[null]",
]) {
  test(`${text} changes nothing`, () => {
    offer();
    emit();
    lease.expect(text);
    assert.deepEqual(told, []);
    assert.equal(emit().taken, true);
  });
}

for (const text of [
  "41",
  "1",
  "44{}",
  "40",
  "46",
  "461-5[null]",
  "435 [null]",
  "43/,5[null]",
  "435",
  "43-5[]",
  "4300000000005[null]",
  "x",
  "",
]) {
  test(`${JSON.stringify(text)} may end it, or be any answer`, () => {
    offer();
    emit();
    lease.expect(text);
    assert.equal(told.length, 2);
    assert.equal(emit().taken, false);
  });
}

test("a module that has crashed leaves who waits to be told", () => {
  offer();
  const { waiting } = emit();
  assert.deepEqual(lease.abandon(), [waiting]);
  assert.deepEqual([lease.abandon(), told], [[], []]);
  assert.equal(emit().taken, false);
});

test("an application that makes up messages does not fill the memory", () => {
  for (let i = 0; i < 1000; i++) {
    offer(5, true, { message: `m${i}` });
  }
  const known = Array.from(
    { length: 1000 },
    (_, i) => emit({ message: `m${i}` }).taken,
  );
  assert.equal(known.filter(Boolean).length, 1000 % 256);
  assert.equal(known.at(-1), true);
});
