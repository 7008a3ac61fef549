import assert from "node:assert/strict";
import { test } from "node:test";

import { Module } from "./create.js";

const page = (/** @type {any} */ options) => ({
  dispatch() {},
  next() {},
  options,
});

/** A module whose Go half says of any options what is told it. */
function module(problem = /** @type {string | null} */ (null)) {
  const created = new Module(() => {});
  /** @type {any[]} */
  const seen = [];
  created._create = (options) => {
    seen.push(options);
    return problem;
  };
  return { created, seen };
}

test("the module gets a copy of the options", () => {
  const { created, seen } = module();
  const options = {
    debug: 1,
    disconnectedAction: { type: "AWAY" },
    listeners: [],
    reconnect: { min: 1, max: 2, factor: 3, limit: 4 },
  };
  created.create(page(options));
  assert.deepEqual(seen[0], options);
  assert.notEqual(seen[0], options);
  assert.notEqual(seen[0].reconnect, options.reconnect);
});

test("what is no object is given as it is", () => {
  const { created, seen } = module();
  created.create(page({ reconnect: false }));
  created.create(page(undefined));
  created.create(page(5));
  assert.deepEqual(seen, [{ reconnect: false }, undefined, 5]);
});

test("options may be inherited", () => {
  const { created, seen } = module();
  created.create(page(Object.create({ queueLimit: 5 })));
  assert.equal(seen[0].queueLimit, 5);
});

test("what a getter throws does not enter the module", () => {
  const { created, seen } = module();
  const expected = {
    name: "TypeError",
    code: "BAD_OPTION",
    message: "bsockMiddleware: the options cannot be read: Not now.",
  };
  const fails = {
    get debug() {
      throw new Error("Not now");
    },
    get min() {
      throw new Error("Not now");
    },
  };
  assert.throws(() => created.create(page(fails)), expected);
  assert.throws(() => created.create(page({ reconnect: fails })), expected);
  assert.deepEqual(seen, []);
});

test("what the module has against the options is thrown, and no store is made", () => {
  const { created } = module("the option debug must be small");
  assert.throws(() => created.create(page({})), {
    name: "TypeError",
    code: "BAD_OPTION",
    message: "bsockMiddleware: the option debug must be small.",
  });
  assert.deepEqual(created.stores, []);
});

test("stores are numbered as they are made", () => {
  const { created } = module();
  const stores = [1, 2, 3].map(() => created.create(page({})));
  assert.deepEqual(
    stores.map(({ number }) => number),
    [0, 1, 2],
  );
  assert.deepEqual(created.stores, stores);
});
