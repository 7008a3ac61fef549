import assert from "node:assert/strict";
import { test } from "node:test";

import { encode } from "./payload.js";

// Two short strings, as most emits are, do not go through JSON.stringify.

test("whatever is in a string is written as JSON.stringify does", () => {
  for (let code = 0; code <= 0xffff; code++) {
    const text = `a${String.fromCharCode(code)}`;
    for (const args of [
      [text, "b"],
      ["b", text],
    ]) {
      assert.equal(encode(args).text, JSON.stringify(args));
    }
  }
});

test("however long a string is, it is written as JSON.stringify does", () => {
  for (const length of [0, 1, 63, 64, 65, 1000]) {
    const args = ["x".repeat(length), 'y"'.repeat(length)];
    assert.equal(encode(args).text, JSON.stringify(args));
  }
});
