import assert from "node:assert/strict";
import { test } from "node:test";
import { checkNesting } from "./nesting.js";

const padding = `"${"x".repeat(1 << 16)}"`;

/** @param {string} json what stands behind something long */
const check = (json) => checkNesting(`[${padding},${json}]`);

test("what is deep is refused, wherever it begins", () => {
  check("[".repeat(9_999) + "]".repeat(9_999));
  const deep = "[".repeat(10_000) + "]".repeat(10_000);
  assert.throws(() => check(deep), SyntaxError);
  assert.throws(() => check("[".repeat(10_000)), SyntaxError);
  assert.throws(() => check('{"a":'.repeat(10_000)), SyntaxError);
});

test("what is made of too many arrays is refused", () => {
  check("[],".repeat((1 << 22) - 2) + "1");
  assert.throws(() => check("[],".repeat(1 << 22) + "1"), SyntaxError);
});

test("brackets in strings are letters", () => {
  const brackets = "[".repeat(20_000);
  for (const string of [
    `"${brackets}"`,
    `"\\"${brackets}"`,
    `"\\\\\\"${brackets}"`,
    `{"a\\"${brackets}":1}`,
  ]) {
    check(string);
    assert.ok(JSON.parse(string), "it is JSON");
  }
  assert.throws(() => check(`"\\\\",${brackets}`), SyntaxError);
  check(`"${brackets}`); // not JSON, which is the parser's to say
});

test("a short text is not looked at", () => {
  checkNesting("[".repeat(1 << 16));
});
