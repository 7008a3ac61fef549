import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Again } from "./again.js";
import { Bodies, encode } from "./payload.js";
import { Waiting } from "./waiting.js";

// An Again before a module that answers as it is told to. That a page cannot
// tell the difference is what www/test/leases.test.mjs is about.

/** @type {string[]} what was sent */
let sent;
/** @type {number[]} the bodies that the module was asked about */
let asked;
/** @type {number[]} the bodies that it was told have been sent */
let said;
/** @type {any} */
let guest;
/** @type {any} */
let socket;
/** @type {Bodies} */
let bodies;
/** @type {Again} */
let again;
/** @type {number} */
let ref;

const args = ["subscribe", "block connect", "new block"];

beforeEach(() => {
  sent = [];
  asked = [];
  said = [];
  bodies = new Bodies();
  guest = {
    busy: false,
    answer: 1,
    again(_store, known) {
      asked.push(known);
      return this.answer;
    },
    handleSaid: (_store, known) => said.push(known),
  };
  socket = { isOpen: true, send: (text) => sent.push(text) > 0 };
  const module = { guest, bodies };
  again = new Again(/** @type {any} */ ({ module, number: 0, socket }));
  ref = bodies.keep(encode(args));
  again.learn(ref);
});

/** @param {unknown[]} [values] @param {unknown} [acknowledge] */
function emit(values = args, acknowledge = undefined) {
  const waiting = new Waiting(true);
  waiting.fields = { type: values[0], message: values[1], acknowledge };
  return again.send(encode(values), waiting);
}

test("what is remembered is sent, with the module's leave", () => {
  assert.equal(emit(), true);
  assert.deepEqual([asked, said], [[ref], [ref]]);
  assert.deepEqual(sent, ['42["subscribe","block connect","new block"]']);
});

test("what was sent on this connection is not sent twice", () => {
  guest.answer = 2;
  assert.equal(emit(), true);
  assert.deepEqual([sent, said], [[], []]);
});

test("the module is given what it does not know", () => {
  guest.answer = 0;
  assert.equal(emit(), false);
  assert.deepEqual(sent, []);
});

test("the module is not asked about anything else", () => {
  assert.equal(emit(["subscribe", "block connect", "another"]), false);
  assert.equal(emit([...args, Uint8Array.of(1)]), false);
  assert.equal(
    emit(args, () => {}),
    false,
  );
  guest.busy = true;
  assert.equal(emit(), false);
  guest.busy = false;
  socket.isOpen = false;
  assert.equal(emit(), false);
  assert.deepEqual(asked, []);
});

test("the module is given what the WebSocket does not take", () => {
  socket.send = () => false;
  assert.equal(emit(), false);
  assert.deepEqual(said, []);
});

test("a number that names another body by now is not asked about", () => {
  bodies.drop(ref);
  assert.equal(bodies.keep(encode(["subscribe", "other", "new"])), ref);
  assert.equal(emit(), false);
  bodies.drop(ref);
  assert.equal(emit(), false);
  assert.deepEqual(asked, []);
});

test("it knows no end of texts by forgetting all", () => {
  for (let i = 0; i <= 1 << 14; i++) {
    again.learn(bodies.keep(encode(["subscribe", String(i), "new"])));
  }
  assert.equal(emit(), false);
  assert.equal(emit(["subscribe", String(1 << 14), "new"]), true);
});
