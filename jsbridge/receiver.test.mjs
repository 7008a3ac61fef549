import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { READ_DONE, READ_KEPT, READ_WAITING } from "./reading.js";
import { Bodies } from "./payload.js";
import { Receiver } from "./receiver.js";

// A Receiver before a module that lists what it is given, and reads as it is
// told: what is delivered without it, what is not, and what it hears of that.

/** @type {string[]} what the module was given */
let given;
/** @type {string[]} what took a route */
let routed;
/** @type {string[]} what answered a call that the module knows nothing of */
let answered;
/** @type {string[]} what the lease was told of what the module is given */
let prepared;
/** @type {number[]} what the module returns, then READ_KEPT for ever */
let readings;
/** @type {any} */
let guest;
/** @type {Bodies} */
let bodies;
/** @type {Receiver} */
let receiver;
let readable = true;

beforeEach(() => {
  given = [];
  routed = [];
  readings = [];
  readable = true;
  bodies = new Bodies();
  guest = {
    busy: false,
    raw: false,
    handleHead(/** @type {number} */ _store, /** @type {string} */ text) {
      given.push(text);
      return readings.shift() ?? READ_KEPT;
    },
    handleBinaryHead(
      /** @type {number} */ _store,
      /** @type {number} */ type,
      /** @type {number} */ size,
    ) {
      given.push(`binary ${type}, ${size}`);
      return readings.shift() ?? READ_KEPT;
    },
    handleMalformed: (
      /** @type {number} */ _store,
      /** @type {string} */ message,
    ) => given.push(message),
    rawBinary: () => guest.raw,
    heard: (/** @type {number} */ _store, /** @type {number} */ time) =>
      given.push(`heard ${time}`),
  };
  const listeners = {
    tellAll(
      /** @type {any} */ _route,
      /** @type {string} */ text,
      /** @type {Uint8Array[]} */ attachments,
    ) {
      if (readable) {
        routed.push([text, ...attachments.map((data) => [...data])].join(" "));
      }
      return readable;
    },
  };
  const module = { guest, bodies };
  answered = [];
  prepared = [];
  const lease = {
    answer: (/** @type {string} */ text) =>
      text.startsWith("437[") && answered.push(text) > 0,
    expect: (/** @type {string} */ text) => void prepared.push(text),
    end: () => void prepared.push("all"),
  };
  receiver = new Receiver(
    /** @type {any} */ ({ module, number: 0, listeners, lease }),
  );
});

/** @param {string} text @param {number} offset @param {number} attachments */
function learn(text, offset, attachments = 0) {
  const body = { text, attachments: Array(attachments) };
  receiver
    .routeOf(/** @type {any} */ (body), offset)
    ?.leadTo(/** @type {any} */ ({}), true);
}

/** @param {...(string | number[])} messages */
function receive(...messages) {
  for (const message of messages) {
    receiver.receive(
      typeof message === "string" ? message : Uint8Array.from(message).buffer,
    );
  }
}

/** Begins where Go has delivered an event, and both have a route. */
function settled() {
  learn('42["e",1]', 2);
  learn('452-["b"]', 4, 2);
  receive('42["first"]');
  given = [];
}

test("what has a route does not enter the module", () => {
  settled();
  receive('42["e",2]', '42["e",3]', '42["f",1]', '42["e",4]');
  assert.deepEqual(routed, ['42["e",2]', '42["e",3]', '42["e",4]']);
  assert.deepEqual(given, ['42["f",1]']);
});

test("nothing does before the module has delivered something", () => {
  learn('42["e",1]', 2);
  readings = [READ_DONE, READ_DONE];
  receive('0{"sid":""}', "40", '42["e",1]', '42["e",2]');
  assert.deepEqual(given, ['0{"sid":""}', "40", '42["e",1]']);
  assert.deepEqual(routed, ['42["e",2]']);
});

test("nothing does from inside a call of the module's", () => {
  settled();
  guest.busy = true;
  receive('42["e",2]');
  assert.deepEqual([routed, given], [[], ['42["e",2]']]);
});

test("nothing does while the module awaits attachments, or lets some pass", () => {
  settled();
  readings = [READ_WAITING, READ_KEPT];
  receive('451-["x"]', '42["e",2]');
  assert.deepEqual(given.splice(0), ['451-["x"]', '42["e",2]']);
  readings = [READ_DONE];
  receive('451-["connect"]', '42["e",3]', '42["e",4]');
  assert.deepEqual(given, ['451-["connect"]', '42["e",3]']);
  assert.deepEqual(routed, ['42["e",4]']);
});

test("what comes back into the module counts as the last", () => {
  settled();
  const { handleHead } = guest;
  guest.handleHead = (/** @type {any} */ store, /** @type {string} */ text) => {
    guest.handleHead = handleHead;
    handleHead(store, text);
    readings = [READ_WAITING];
    receive('451-["inside"]');
    return READ_KEPT;
  };
  receive('42["outside"]', '42["e",2]');
  assert.deepEqual(routed, []);
});

test("what is long or no JSON is the module's", () => {
  settled();
  receive(`42["e","${"x".repeat(1_000_000)}"]`);
  assert.equal(given.splice(0).length, 1);
  readable = false;
  receive('42["e",}');
  assert.deepEqual([routed, given], [[], ['42["e",}']]);
});

test("an event is held until its attachments are there", () => {
  settled();
  receive('452-["b"]', [4, 1, 2]);
  assert.deepEqual(routed, []);
  receive([4], '42["e",2]');
  assert.deepEqual(routed, ['452-["b"] 1,2 ', '42["e",2]']);
  assert.deepEqual(given, []);
});

test("where binary is raw all of it is data", () => {
  guest.raw = true;
  settled();
  receive('452-["b"]', [1, 2], []);
  assert.deepEqual(routed, ['452-["b"] 1,2 ']);
  receive('452-["b"]', [7], "x");
  assert.deepEqual(given, ['452-["b"]', "binary 4, 1", "x"]);
  readings = [READ_WAITING];
  receive('451-["x"]', [9, 9]);
  assert.deepEqual(given.slice(3), ['451-["x"]', "binary 4, 2"]);
});

for (const [
  name,
  message,
  then,
] of /** @type {[string, string | number[], string[]][]} */ ([
  ["a text", '42["e",2]', ['42["e",2]']],
  ["an answer", "430[null]", ["430[null]"]],
  ["a frame of another type", [3, 1], ["binary 3, 2"]],
  ["an empty frame", [], ["binary undefined, 0"]],
  ["base64", "b4AQI=", ["b4AQI="]],
])) {
  test(`${name} while attachments are to come is for the module`, () => {
    settled();
    readings = [READ_WAITING, READ_WAITING];
    receive('452-["b"]', [4, 1, 2]);
    assert.deepEqual(given, []);
    receive(message);
    assert.deepEqual(given, ['452-["b"]', "binary 4, 3", ...then]);
    assert.deepEqual(routed, []);
  });
}

test("what is neither text nor binary comes behind what was held", () => {
  settled();
  receive('452-["b"]', [4, 1]);
  receiver.receive({});
  assert.deepEqual(given, [
    '452-["b"]',
    "binary 4, 2",
    "Message is neither text nor binary.",
  ]);
});

test("attachments are bounded together", () => {
  settled();
  receive('452-["b"]', Array(600_000).fill(4));
  receive(Array(600_000).fill(4));
  assert.deepEqual(given, [
    '452-["b"]',
    "binary 4, 600000",
    "binary 4, 600000",
  ]);
});

test("attachments that come to no JSON are the module's, in order", () => {
  settled();
  readable = false;
  receive('452-["b"]', [4, 1], [4, 2]);
  assert.deepEqual(given, ['452-["b"]', "binary 4, 2", "binary 4, 2"]);
});

test("other listeners, and what was learnt is forgotten", () => {
  settled();
  receive('452-["b"]', [4, 1]);
  receiver.forget();
  assert.deepEqual(given.splice(0), ['452-["b"]', "binary 4, 2"]);
  receive('42["e",2]', '42["e",3]');
  assert.deepEqual(given, ['42["e",2]', '42["e",3]']);
  assert.deepEqual(routed, []);
});

// What has been sent without the module.

test("an answer to a call that the module knows nothing of does not enter it", () => {
  receive("437[null,1]");
  assert.deepEqual(
    given.splice(0),
    ["437[null,1]"],
    "it may await attachments",
  );
  receive("437[null,2]", "438[null,3]", '42["e",2]');
  assert.deepEqual(answered, ["437[null,2]"]);
  assert.deepEqual(given, ["438[null,3]", '42["e",2]']);
});

test("nor is it asked from inside a call, or while attachments are to come", () => {
  settled();
  guest.busy = true;
  receive("437[null,1]");
  guest.busy = false;
  receive('452-["b"]', "437[null,2]");
  assert.deepEqual(answered, []);
});

test("the lease hears of all that the module is given, before that", () => {
  settled();
  prepared = [];
  readings = [READ_DONE, READ_WAITING, READ_KEPT];
  receive("3", '451-["x"]', [4, 1], '42["e",2]');
  assert.deepEqual(prepared, ["3", '451-["x"]', "all"]);
});

// The sign of life.

test("the module hears of a sign of life before the clock, once", (t) => {
  t.mock.timers.enable({ apis: ["Date", "setTimeout"], now: 1000 });
  settled();
  receiver.catchUp();
  assert.deepEqual(given, []);
  receive('42["e",2]');
  t.mock.timers.tick(500);
  receiver.catchUp();
  assert.deepEqual(given.splice(0), ["heard 1000"]);
  receiver.catchUp();
  assert.deepEqual(given, []);
});

test("its time is known to a tenth of a second", (t) => {
  t.mock.timers.enable({ apis: ["Date", "setTimeout"], now: 1000 });
  settled();
  for (let i = 0; i < 50; i++) {
    receive('42["e",2]');
    t.mock.timers.tick(15);
  }
  receiver.catchUp();
  const [heard] = given.map((line) => Number(line.slice("heard ".length)));
  const last = 1000 + 49 * 15;
  assert.ok(heard > last - 100 - 15 && heard <= last, `${heard} of ${last}`);
});

test("what the module is given is a later sign of life", (t) => {
  t.mock.timers.enable({ apis: ["Date", "setTimeout"], now: 1000 });
  settled();
  receive('42["e",2]', "3");
  receiver.catchUp();
  assert.deepEqual(given, ["3"]);
});

test("what waits for attachments is the module's before the clock", () => {
  settled();
  receive('452-["b"]', [4, 1]);
  receiver.catchUp();
  assert.deepEqual(given, ['452-["b"]', "binary 4, 2"]);
});
