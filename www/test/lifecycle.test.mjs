// @ts-check
//
// Which events of its page the package follows, and when it begins to: the page
// is the test's. lifecycle-browser.test.mjs has the page's own.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { main } from "./built.mjs";
import { Line, end, makeStore } from "./line.mjs";

const { default: bsockMiddleware, load } = main;

/** What somebody listens to, in order. */
class Ear extends EventTarget {
  /** @type {string[]} */
  heard = [];

  /** @type {EventTarget["addEventListener"]} */
  addEventListener = (type, listener) => {
    this.heard.push(type);
    super.addEventListener(type, listener);
  };

  /**
   * @param {string} type
   * @param {object} [fields]
   */
  say(type, fields) {
    this.dispatchEvent(Object.assign(new Event(type), fields));
  }
}

const page = new Ear();
const pageDocument = Object.assign(new Ear(), { visibilityState: "visible" });

/** Makes of Node a page. */
function open() {
  Object.assign(globalThis, {
    addEventListener: page.addEventListener,
    document: pageDocument,
  });
}

afterEach(end);

test("where there is no page, nothing is listened to", async () => {
  const { default: other } = await import(
    new URL("../dist/external.mjs?lifecycle", import.meta.url).href
  );
  makeStore(other);
  assert.deepEqual([page.heard, pageDocument.heard], [[], []]);
});

test("a page is listened to once, from the first socket on", async () => {
  open();
  await load();
  const stores = [makeStore(bsockMiddleware), makeStore(bsockMiddleware)];
  assert.deepEqual([page.heard, pageDocument.heard], [[], []]);
  for (const store of stores) await store.connect();
  await stores[0].emit({}, { socket: "other" });
  assert.deepEqual(page.heard, ["online", "pagehide", "pageshow"]);
  assert.deepEqual(pageDocument.heard, ["visibilitychange"]);
});

/** A store whose connection has just been lost, and which has all day. */
async function lost() {
  const store = makeStore(bsockMiddleware, { reconnect: { min: 86_400_000 } });
  await store.connect();
  const line = Line.only.open();
  line.readyState = 3;
  line.onclose({ code: 1006, reason: "" });
  assert.throws(() => Line.only, /0 lines/, "it is not tried again yet");
  return store;
}

for (const [what, happen] of /** @type {[string, () => void][]} */ ([
  ["it is online again", () => page.say("online")],
  ["it is looked at", () => pageDocument.say("visibilitychange")],
  [
    "it comes back from the cache",
    () => page.say("pageshow", { persisted: true }),
  ],
]))
  test(`a page connects at once when ${what}`, async () => {
    const store = await lost();
    happen();
    Line.only.open();
    assert.equal(
      store.types().filter((type) => type === "SOCKET_CONNECTED").length,
      2,
    );
  });

for (const [what, happen] of /** @type {[string, () => void][]} */ ([
  [
    "it is looked away from",
    () => {
      pageDocument.visibilityState = "hidden";
      pageDocument.say("visibilitychange");
      pageDocument.visibilityState = "visible";
    },
  ],
  ["it is shown first", () => page.say("pageshow", { persisted: false })],
]))
  test(`nothing happens when ${what}`, async () => {
    await lost();
    happen();
    assert.throws(() => Line.only, /0 lines/);
  });

test("a page that goes away hangs up, and stays so until it is back", async () => {
  const store = makeStore(bsockMiddleware, { reconnect: { min: 1, max: 1 } });
  await store.connect();
  Line.only.open();
  page.say("pagehide", { persisted: true });
  assert.throws(() => Line.only, /0 lines/);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.throws(() => Line.only, /0 lines/, "whatever the pace is");
  page.say("pageshow", { persisted: true });
  Line.only.open();
  assert.equal(store.types().at(-1), "SOCKET_RESUMED");
});

test("every socket follows, and one that is disconnected stays so", async () => {
  const store = makeStore(bsockMiddleware);
  const connect = (/** @type {string} */ socket, /** @type {number} */ port) =>
    store.dispatch({
      type: "CONNECT_SOCKET",
      bsock: { port },
      meta: { socket },
    });
  await connect("a", 1);
  await connect("b", 2);
  await connect("c", 3);
  for (const line of Line.made) line.open();
  await store.disconnect({ socket: "b" });
  page.say("pagehide", { persisted: true });
  assert.throws(() => Line.only, /0 lines/);
  page.say("pageshow", { persisted: true });
  assert.deepEqual(
    Line.made
      .filter(({ readyState }) => readyState < 2)
      .map(({ url }) => new URL(url).port),
    ["1", "3"],
  );
});
