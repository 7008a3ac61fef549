import assert from "node:assert/strict";
import { test } from "node:test";

import { Bodies, Body } from "./payload.js";

test("bodies are held by number, and 0 is none", () => {
  const bodies = new Bodies();
  const [a, b] = [new Body("a"), new Body("b")];
  const [refA, refB] = [bodies.keep(a), bodies.keep(b)];
  assert.ok(refA > 0 && refB > 0 && refA !== refB);
  assert.equal(bodies.get(refA), a);
  assert.equal(bodies.get(refB), b);
  assert.equal(bodies.size, 2);
  assert.equal(bodies.has(0), false);
});

test("a number is free again once its body is dropped", () => {
  const bodies = new Bodies();
  const ref = bodies.keep(new Body("a"));
  bodies.drop(ref);
  assert.equal(bodies.has(ref), false);
  assert.equal(bodies.size, 0);
  assert.equal(bodies.keep(new Body("b")), ref);
});

test("dropping twice, or none, frees nothing twice", () => {
  const bodies = new Bodies();
  const ref = bodies.keep(new Body("a"));
  bodies.drop(ref);
  bodies.drop(ref);
  bodies.drop(0);
  bodies.drop(99);
  assert.equal(bodies.size, 0);
  assert.notEqual(bodies.keep(new Body("b")), bodies.keep(new Body("c")));
});

test("many that come and go need no more numbers than there are at once", () => {
  const bodies = new Bodies();
  let most = 0;
  for (let i = 0; i < 10_000; i++) {
    const refs = [bodies.keep(new Body("a")), bodies.keep(new Body("b"))];
    most = Math.max(most, ...refs);
    refs.forEach((ref) => bodies.drop(ref));
  }
  assert.equal(most, 2);
});

test("clear lets go of all, and tells which", () => {
  const bodies = new Bodies();
  const [a, b, c] = ["a", "b", "c"].map((text) => new Body(text));
  bodies.keep(a);
  bodies.drop(bodies.keep(b));
  bodies.keep(c);
  assert.deepEqual(bodies.clear(), [a, c]);
  assert.equal(bodies.size, 0);
});
