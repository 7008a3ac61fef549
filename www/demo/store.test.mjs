import assert from "node:assert/strict";
import { test } from "node:test";

import { makeStore, panelActions } from "./store.js";

const metadata = { name: "p", author: "", description: "", version: "" };

/** A middleware that notes what passes it. */
const noting =
  (/** @type {string[]} */ notes, /** @type {string} */ name) =>
  () =>
  (/** @type {any} */ next) =>
  (/** @type {any} */ action) => {
    notes.push(`${name} ${action.type}`);
    return next(action);
  };

test("thunks come first, plugins in their order, the socket last", () => {
  /** @type {string[]} */
  const notes = [];
  const plugins = ["one", "two"].map((name) => ({
    metadata,
    middleware: noting(notes, name),
    pluginReducers: { [name]: (state = 0) => state },
  }));
  const store = makeStore(plugins, () => noting(notes, "socket"));
  notes.length = 0; // redux's own first action
  /** @type {any} */ (store.dispatch)((/** @type {any} */ dispatch) =>
    dispatch({ type: "A" }),
  );
  assert.deepEqual(notes, ["one A", "two A", "socket A"]);
});

test("the listeners of every plugin reach the socket middleware", () => {
  /** @type {any} */
  let given;
  const plugin = (/** @type {string} */ event) => ({
    metadata,
    addSocketConstants: (/** @type {any} */ sockets) =>
      sockets.listeners.push({ event, actionType: event }),
    pluginReducers: { [event]: (state = 0) => state },
  });
  makeStore([plugin("a"), plugin("b")], (options) => {
    given = options;
    return () => (next) => (action) => next(action);
  });
  assert.deepEqual(
    given.listeners.map((/** @type {any} */ listener) => listener.event),
    ["a", "b"],
  );
});

test("each plugin adds to what the panel may do", () => {
  const plugins = [
    { metadata },
    {
      metadata,
      mapComponentDispatch: {
        Panel: (/** @type {any} */ dispatch, /** @type {any} */ map) =>
          Object.assign(map, { act: () => dispatch("acted") }),
      },
    },
  ];
  const panel = panelActions(plugins, (/** @type {any} */ value) => value);
  assert.equal(panel.act(), "acted");
});
