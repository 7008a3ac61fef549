import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Body } from "./payload.js";
import { Routes } from "./route.js";

/** @type {Routes} */
let routes;
beforeEach(() => {
  routes = new Routes();
});

const listener = /** @type {any} */ ({ actionType: "A" });

/** @param {string} text @param {number} offset @param {Uint8Array[]} attachments */
function learn(text, offset, ...attachments) {
  const body = new Body(text);
  body.attachments = attachments;
  const route = routes.learn(body, offset);
  route?.leadTo(listener, true);
  return route;
}

test("what begins alike takes the same route", () => {
  const route = learn('42["block connect",1]', 2);
  for (const text of [
    '42["block connect"',
    '42["block connect"]',
    '42["block connect",{"a":"b"}]',
    '42["block connect"?',
  ]) {
    assert.equal(routes.find(text), route, text);
  }
  for (const text of [
    "",
    "42",
    "3",
    '42["block connect',
    '42["block connected"]',
    '42["block\\u0020connect"]',
    '42[ "block connect"]',
    '420["block connect"]',
    '42/n,["block connect"]',
    '451-["block connect"]',
    ' 42["block connect"]',
    '43["block connect"]',
  ]) {
    assert.equal(routes.find(text), null, text);
  }
});

test("each finds its own, whichever was last", () => {
  const texts = ['42["a",1]', '42["b",1]', '42/n,["a",1]', '451-["a",1]'];
  const learnt = texts.map((text) => learn(text, text.indexOf("[")));
  for (const i of [0, 1, 0, 2, 2, 3, 1, 3, 0]) {
    assert.equal(routes.find(texts[i]), learnt[i], texts[i]);
  }
});

test("a route has what is needed to read and to deliver", () => {
  const route = learn('451-["tx",{}]', 4, Uint8Array.of(1));
  assert.deepEqual(
    [route?.head, route?.offset, route?.attachments, route?.listeners],
    ['451-["tx"', 4, 1, [listener]],
  );
});

for (const [why, text, offset] of /** @type {[string, string, number][]} */ ([
  ["a name with an escape", '42["a\\u0062",1]', 2],
  ["a name with a quote in it", '42["a\\"b",1]', 2],
  ["a space in front of the name", '42[ "a",1]', 2],
  ["a space in front of the bracket", '42 ["a",1]', 2],
  ["a quote in the namespace", '42/"n,["a",1]', 6],
  ["a long name", `42["${"a".repeat(64)}",1]`, 2],
  ["no name", "42[1]", 2],
  ["no second quote", '42["a', 2],
])) {
  test(`${why} teaches nothing`, () => {
    assert.equal(learn(text, offset), null);
    assert.equal(routes.find(text), null);
  });
}

test("the head may be as long as 64 letters", () => {
  const head = `42["${"a".repeat(59)}"`;
  assert.equal(head.length, 64);
  assert.ok(learn(`${head},1]`, 2));
  assert.ok(routes.find(`${head}]`));
});

test("nothing is found before all listeners are known", () => {
  const route = routes.learn(new Body('42["a",1]'), 2);
  assert.equal(routes.find('42["a",1]'), null);
  route?.leadTo(listener, false);
  assert.equal(routes.find('42["a",1]'), null);
  route?.leadTo(listener, true);
  assert.equal(routes.find('42["a",1]'), route);
  assert.deepEqual(route?.listeners, [listener, listener]);
});

test("a server that makes up attachments does not fill the memory", () => {
  const made = 20_000;
  for (let count = 0; count < made; count++) {
    learn(`45${count}-["a"]`, String(count).length + 3);
  }
  const kept = Array.from({ length: made }, (_, count) =>
    routes.find(`45${count}-["a"]`),
  ).filter((route) => route !== null);
  assert.equal(kept.length, 1 << 14);
});
