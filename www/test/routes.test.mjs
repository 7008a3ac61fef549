// @ts-check
//
// Events that come again are delivered without the module: see
// jsbridge/route.js. Whatever a server sends, in whatever order, the store must
// hear the same as if the module had read each message. It does read them where
// they come from inside a call of its own, as no real WebSocket's do; so each
// sequence is said twice, to two stores.

import assert from "node:assert/strict";
import { afterEach, before, beforeEach, test } from "node:test";
import { main } from "./built.mjs";
import { Line, end, makeStore } from "./line.mjs";

const { default: bsockMiddleware, load } = main;

/** @type {string[]} what the page threw, and was given back */
let uncaught;
const { setTimeout: wait } = globalThis;

/** @type {any} */
const catching = (/** @type {Function} */ call, /** @type {number} */ delay) =>
  wait(() => {
    try {
      call();
    } catch (error) {
      uncaught.push(String(error));
    }
  }, delay);

before(() => load());
beforeEach(() => {
  globalThis.setTimeout = catching;
});
afterEach(() => {
  globalThis.setTimeout = wait;
  end();
});

const pause = () => new Promise((resolve) => wait(resolve, 5));

const listeners = [
  { event: "e", actionType: "E" },
  { event: "e", actionType: "E2", map: (/** @type {any} */ x) => x ?? "none" },
  { event: "f", actionType: "F", filter: (/** @type {any} */ x) => x !== 1 },
  { event: "h", actionType: "H", ack: "ok" },
  { event: "ü", actionType: "U" },
  { event: 'e"', actionType: "Q" },
  { event: "b", actionType: "B", batch: 1 },
];

const hole = (/** @type {number} */ num) =>
  `{"_placeholder":true,"num":${num}}`;

/** @type {(string | number[])[]} what a server may say, well-behaved or not */
const messages = [
  '42["e",1]',
  '42["e",{"a":[1,2]},"x"]',
  '42["e"]',
  '42["f",1]',
  '42["f",2]',
  '42["ü",1]',
  '42["b",1]',
  '42["g",1]',
  '42["e","42[\\"f\\",2]"]',
  '42["\\u0065",1]',
  '42[ "e",1]',
  '42["e" ,1]',
  '42["e"1]',
  '42["e",1',
  '42["e",1]]',
  '42["e',
  '42["e","\\ud800"]',
  '42["connect"]',
  '42["e\\"",1]',
  '42["e\\"x",1]',
  '420["e",1]',
  '421["h",7]',
  '42/x,["e",1]',
  '42/,["e",1]',
  '430["x"]',
  '43["x"]',
  `451-["e",${hole(0)}]`,
  `451-["e",${hole(0)}`,
  `451-["e",${hole(1)},{"__proto__":${hole(0)}}]`,
  `452-["e",${hole(1)},${hole(0)}]`,
  `452-["f",${hole(1)},${hole(0)}]`,
  `451-["g",${hole(0)}]`,
  `451-0["h",${hole(0)}]`,
  `451-["connect",${hole(0)}]`,
  '450-["e",1]',
  '4599999-["e"]',
  '45["e"]',
  `42["e","${"x".repeat(100)}"]`,
  `42["e",${"[".repeat(300)}${"]".repeat(300)}]`,
  `42["${"n".repeat(100)}",1]`,
  "b4AQI=",
  "b4A",
  "b",
  "2",
  "3",
  "4",
  "",
  "x",
  '44"no"',
  [4, 1, 2],
  [4, 1, 2],
  [4],
  [3, 1],
  [],
];

/** @param {number} seed */
function numbersFrom(seed) {
  let state = seed;
  return (/** @type {number} */ below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/**
 * A sequence that is mostly in order: each text of a binary packet is followed
 * by what it announces more often than not.
 *
 * @param {(below: number) => number} random
 */
function sequence(random) {
  /** @type {(string | number[])[]} */
  const said = [];
  while (said.length < 60) {
    const message = messages[random(messages.length)];
    said.push(message);
    const announced = /^45([12])-/.exec(String(message));
    if (announced && random(4) > 0) {
      for (let n = 0; n < Number(announced[1]); n++) said.push([4, n, 9]);
    }
    if (random(8) === 0) said.push(message, message);
  }
  return said;
}

/** @param {any[]} log */
function readable(log) {
  return log.map(({ type, payload }) =>
    type === "SOCKET_STATUS"
      ? { type, status: payload.status }
      : payload instanceof Error
        ? {
            type,
            message: payload.message,
            code: /** @type {any} */ (payload).code,
          }
        : { type, payload },
  );
}

/**
 * @param {(line: Line, store: any, message: string | number[]) => void} say
 * @param {(string | number[])[]} said
 * @param {(store: any, action: any) => void} react
 */
async function heard(say, said, react) {
  uncaught = [];
  const store = makeStore(bsockMiddleware, { listeners, reconnect: false });
  await store.connect();
  const line = Line.only.open();
  line.take();
  store.react = (action) => react(store, action);
  for (const message of said) {
    if (line.onmessage === null) break;
    say(line, store, message);
  }
  await pause(); // what was gathered comes now
  await pause(); // and what was thrown at it
  const told = readable(store.log);
  const sent = line.sent.filter((text) => !String(text).includes('"probe"'));
  store.react = () => {};
  end();
  return { told, sent: sent.map((text) => String(text)), uncaught };
}

const directly = (
  /** @type {Line} */ line,
  /** @type {any} */ _store,
  /** @type {any} */ message,
) => line.say(message);

/** Says it while the module is sending. */
function fromInside(
  /** @type {Line} */ line,
  /** @type {any} */ store,
  /** @type {any} */ message,
) {
  const send = line.send;
  line.send = (text) => {
    line.send = send;
    line.say(message);
    return line.send(text);
  };
  // With a meta, it is no emit that may be sent without the module.
  store.emit({ type: "probe", message: "m" }, { queue: "queue" });
  line.send = send;
}

for (const [
  name,
  react,
] of /** @type {[string, (store: any, action: any) => void][]} */ ([
  ["a page that listens", () => {}],
  [
    "a page that throws at every third",
    (store) => {
      if (store.log.length % 3 === 0) throw new Error("mine");
    },
  ],
  [
    "a page that emits",
    (store, { type }) => {
      if (type === "E") store.emit({ type: "answer", message: "m" });
    },
  ],
])) {
  test(`${name} hears the same with and without routes`, async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const said = sequence(numbersFrom(seed));
      const routed = await heard(directly, said, react);
      const read = await heard(fromInside, said, react);
      assert.deepEqual(routed, read, `seed ${seed}: ${JSON.stringify(said)}`);
    }
  });
}
