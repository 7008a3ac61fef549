// @ts-check
//
// Emits that come again, and their answers, do without the module, or nearly so:
// see jsbridge/lease.js and again.js. Whatever a page, a server and a clock do, in whatever
// order, the page must hear the same, and the server be sent the same, as if
// the module had been given each. It is given each emit with a `meta`, even one
// that says what holds anyway; so each story happens twice.

import assert from "node:assert/strict";
import { after, afterEach, before, mock, test } from "node:test";
import { main } from "./built.mjs";
import { Line, end, makeStore } from "./line.mjs";

const { default: bsockMiddleware, load } = main;

const options = {
  listeners: [
    { event: "e", actionType: "E" },
    { event: "b", actionType: "B", batch: 50 },
  ],
  reconnect: false,
  ackTimeout: 1000,
};

/** @type {string[]} what the page threw, and was given back */
let uncaught;

before(async () => {
  await load();
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1.7e12 });
  const { setTimeout: wait } = globalThis;
  /** @type {any} */
  const catching = (/** @type {Function} */ call, /** @type {number} */ ms) =>
    wait(() => {
      try {
        call();
      } catch (error) {
        uncaught.push(String(error));
      }
    }, ms);
  globalThis.setTimeout = catching;
});
afterEach(end);
after(() => mock.timers.reset());

/** @param {number} seed */
function numbersFrom(seed) {
  let state = seed;
  return (/** @type {number} */ below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Lets promises come to their end. */
async function settle() {
  for (let i = 0; i < 8; i++) await null;
}

/** A Story is a page, a server and a clock, told by numbers. */
class Story {
  /**
   * @param {number} seed
   * @param {object | undefined} meta of every emit
   */
  constructor(seed, meta) {
    this.random = numbersFrom(seed);
    this.meta = meta;
    /** @type {unknown[]} what the page heard, and was sent, in order */
    this.told = [];
    this.emits = 0;
    this.depth = 0;
    this.refusing = false; // messages, as a browser may
    this.answering = false; // calls, before they have been sent
    this.store = makeStore(bsockMiddleware, options);
    this.store.react = ({ type, payload }) => {
      const shown =
        payload instanceof Error
          ? shownError(payload)
          : (payload?.status ?? payload);
      this.told.push([type, shown]);
      if (type === "E") this.react();
    };
  }

  /** @template T @param {T[]} all @returns {T} */
  pick(all) {
    return all[this.random(all.length)];
  }

  /** The line that is open, if one is. */
  get line() {
    return Line.made.findLast(({ readyState }) => readyState < 2);
  }

  connect() {
    void this.store.connect({ port: this.pick([1, 1, 2]) });
    const { line } = this;
    if (!line || line.readyState === 1) return;
    line.send = (text) => {
      if (this.refusing) throw new Error("the browser refuses");
      this.told.push(["sent", String(text)]);
      line.sent.push(text);
      if (this.answering && /^42\d/.test(String(text)))
        this.say(`43${idOf(text)}[null,"at once"]`);
    };
    line.open();
  }

  /** @param {string | number[]} message */
  say(message) {
    const { line } = this;
    if (line?.readyState === 1 && line.onmessage) line.say(message);
  }

  /** What the page does at an action, or an answer. */
  react() {
    if (this.depth > 2) return;
    this.depth++;
    this.pick([
      () => {},
      () => {},
      () => this.emit(),
      () => {
        throw new Error("mine");
      },
      () => this.random(4) || this.store.disconnect(),
      () => this.random(4) || this.connect(),
    ])();
    this.depth--;
  }

  emit() {
    const number = ++this.emits;
    const acknowledge = (/** @type {unknown} */ result) => {
      this.told.push(["acknowledged", number, result]);
      this.react();
    };
    const bsock = {
      ...this.pick(/** @type {object[]} */ (kinds)),
      ...(this.random(3) ? { acknowledge } : null),
    };
    this.store.emit(bsock, this.meta).then(
      (/** @type {unknown} */ value) =>
        this.told.push(["resolved", number, value]),
      (/** @type {Error} */ error) =>
        this.told.push(["rejected", number, shownError(error)]),
    );
  }

  answer() {
    const sent = this.line?.sent.filter((text) => /^42\d/.test(String(text)));
    const id = sent?.length
      ? Number(idOf(this.pick(sent.slice(-6)))) + this.pick([0, 0, 0, 0, 0, 1])
      : 7;
    const message = this.pick(answers)(id);
    this.say(message);
    if (!message.startsWith("461-")) return;
    if (this.random(4) === 0) this.emit(); // its id may be the one that was said
    if (this.random(3)) this.say([4, 1, 2]);
  }

  /** Has something happen. */
  step() {
    const what = this.random(100);
    if (what < 40) this.emit();
    else if (what < 75) this.answer();
    else if (what < 87) this.say(this.pick(messages));
    else if (what < 93) mock.timers.tick(this.pick([0, 10, 400, 999, 1000]));
    else this.pick(incidents)(this);
  }

  async happen() {
    this.connect();
    await settle();
    for (let i = 0; i < 120; i++) {
      const { depth } = this;
      try {
        this.step();
      } catch (error) {
        this.told.push(["thrown", String(error)]);
      }
      this.depth = depth;
      if (this.random(3) === 0) await settle();
      if (!this.line) this.connect();
    }
    mock.timers.tick(5000);
    await settle();
    this.store.end();
    mock.timers.tick(5000);
    await settle();
    return this.told;
  }
}

/** @param {unknown} text */
function idOf(text) {
  return /^42(\d+)/.exec(String(text))?.[1];
}

/** @param {any} error */
function shownError({ name, message, code, emit }) {
  return { name, message, code, emit };
}

const kinds = [
  { type: "dispatch", message: "get tip" },
  { type: "dispatch", message: "get tip" },
  { type: "dispatch", message: "get tip" },
  { type: "dispatch", message: "get block", height: 1 },
  { type: "dispatch", message: "get block", what: { a: [1, "ü"] } },
  { type: "broadcast", message: "send tx" },
  { type: "broadcast", message: "send tx", tx: Uint8Array.of(1, 2) },
  { type: "broadcast", message: 'a "quoted" \\ one', left: undefined },
  { type: "broadcast", message: "watch chain" },
  { type: "subscribe", message: "block connect", as: "new block" },
  { type: "subscribe", message: "block connect", as: "new block" },
  { type: "subscribe", message: "block connect", as: "new block" },
  { type: "subscribe", message: "block connect", as: "another block" },
  { type: "unsubscribe", message: "block connect", as: "new block" },
  { type: "connect", message: "it is reserved" },
  { type: "broadcast", message: 5 },
  { type: "broadcast", message: "big", big: 5n },
];

/** @type {((id: number) => string)[]} what may come to a call */
const answers = [
  (id) => `43${id}[null,{"height":1}]`,
  (id) => `43${id}[null,1]`,
  (id) => `43${id}[null,1]`,
  (id) => `43${id}[null,1]`,
  (id) => `43${id}[null]`,
  (id) => `43${id}[]`,
  (id) => `43${id}`,
  (id) => `43${id}null`,
  (id) => `43${id}[null,1`,
  (id) => `43${id}[null,]`,
  (id) => `43${id}[null,1]]`,
  (id) => `43${id}[nullx]`,
  (id) => `43${id}[false,1]`,
  (id) => `43${id}["",1]`,
  (id) => `43${id}[7,1]`,
  (id) => `43${id} [null,1]`,
  (id) => `43${id}[ null,1]`,
  (id) => `430${id}[null,"with a zero"]`,
  (id) => `4300000000000${id}[null,1]`,
  (id) => `43${id + 2 ** 32}[null,1]`,
  (id) => `43-${id}[null,1]`,
  (id) => `43/x,${id}[null,1]`,
  (id) => `43/,${id}[null,1]`,
  (id) => `43${id}[{"message":"No.","code":"BAD","type":"t"}]`,
  (id) => `43${id}[{"message":"No.","code":-3}]`,
  (id) => `461-${id}[null,{"_placeholder":true,"num":0}]`,
  (id) => `460-${id}[null,1]`,
];

/** @type {(string | number[])[]} what else a server may say */
const messages = [
  '42["e",1]',
  '42["e",1]',
  '42["e",{"a":1}]',
  '42["b",1]',
  '42["e"',
  '420["e",1]',
  '451-["e",{"_placeholder":true,"num":0}]',
  "3",
  "2",
  "6",
  "43",
  "b4AQI=",
  "x",
  "",
  '44"no"',
  '40{"sid":"again"}',
  [4, 1, 2],
  [],
];

/** @type {((story: Story) => void)[]} */
const incidents = [
  (story) => story.say("41"),
  (story) => story.say("1"),
  ({ line }) => {
    if (!line) return;
    line.readyState = 3;
    line.onclose?.({ code: 1006, reason: "" });
  },
  ({ line }) => {
    if (line) line.readyState = 2; // it closes, and says so soon
    setTimeout(() => line?.onclose?.({ code: 1000, reason: "bye" }), 300);
  },
  (story) => {
    story.refusing = true;
    story.emit();
    story.refusing = false;
  },
  (story) => {
    story.answering = true;
    story.emit();
    story.emit();
    story.answering = false;
  },
  (story) => void story.store.disconnect(),
  (story) => story.connect(),
  (story) => {
    story.store.dispatch({ type: "CONNECT_SOCKET", bsock: { port: 0 } });
  },
];

/**
 * @param {number} seed
 * @param {object} [meta]
 */
async function happens(seed, meta) {
  uncaught = [];
  const story = new Story(seed, meta);
  const told = await story.happen();
  end();
  mock.timers.tick(60_000); // nothing of it is left to the next
  return { told, uncaught };
}

test("a page hears the same, and sends the same, with and without leases", async () => {
  for (let seed = 1; seed <= 150; seed++) {
    const leased = await happens(seed);
    const shown = await happens(seed, { queue: "queue" });
    assert.deepEqual(leased, shown, `seed ${seed}`);
  }
});

test("a call times out in time where only fires came before", async () => {
  uncaught = [];
  const store = makeStore(bsockMiddleware, options);
  await store.connect();
  const line = Line.only.open();
  store.emit({ message: "like this" });
  const acknowledge = () => {};
  const call = store.emit({ message: "like this", acknowledge });
  const next = store.emit({ message: "like this", acknowledge });
  line.say('432[null,"answered"]');
  mock.timers.tick(999);
  assert.equal(await Promise.race([call, settle()]), undefined);
  mock.timers.tick(1);
  await assert.rejects(call, { code: "TIMEOUT" });
  assert.equal(await next, "answered");
});

test("sockets with a name do without the module too, each on its own", async () => {
  uncaught = [];
  const store = makeStore(bsockMiddleware, options);
  const meta = { socket: "other" };
  await store.connect({ port: 1 });
  const one = Line.only.open();
  await store.dispatch({ type: "CONNECT_SOCKET", bsock: { port: 2 }, meta });
  const other = /** @type {Line} */ (Line.made.at(-1)).open();
  one.take();
  other.take();
  const acknowledge = () => {};
  const calls = [1, 2, 3].flatMap(() => [
    store.emit({ acknowledge }),
    store.emit({ acknowledge }, meta),
  ]);
  for (const line of [other, one])
    for (const id of [1, 3, 2]) line.say(`43${id}[null,"${line.url}, ${id}"]`);
  const answers = await Promise.all(calls);
  assert.deepEqual(
    answers.map((answer) =>
      answer.replace("/socket.io/?transport=websocket", ""),
    ),
    [1, 2, 3].flatMap((id) =>
      [1, 2].map((port) => `ws://127.0.0.1:${port}, ${id}`),
    ),
  );
});
