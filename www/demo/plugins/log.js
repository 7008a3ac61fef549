// @ts-check
// The log plugin: keeps the last frames and actions, with their times.
//
// It comes first among the plugins, so that an action is logged before those
// which other plugins dispatch in answer to it.

import { describeAction } from "../describe.js";

export const metadata = {
  name: "log",
  author: "bsock-wasm",
  description: "Every frame and every action, as they pass",
  version: "1.0.0",
};

/** How many entries are kept. */
export const LIMIT = 400;

/**
 * @typedef {object} Entry
 * @property {number} id counts up from 1
 * @property {number} at milliseconds since 1970
 * @property {"sent" | "received" | "action" | "error"} kind
 * @property {string} name
 * @property {string} text
 */

/** @typedef {{frames: number, size: number}} Traffic size in bytes */

/**
 * @typedef {object} Log
 * @property {Entry[]} entries newest first, LIMIT at most
 * @property {{entries: Entry[], total: number} | null} held what is shown
 *   while the log is paused, and how many there had been
 * @property {number} total how many there have been
 * @property {{sent: Traffic, received: Traffic}} traffic
 */

/** @type {Log} */
const initial = {
  entries: [],
  held: null,
  total: 0,
  traffic: {
    sent: { frames: 0, size: 0 },
    received: { frames: 0, size: 0 },
  },
};

/** @param {import("../frames.js").Frame} frame */
export const logFrame = (frame) => ({
  type: "LOG_FRAME",
  payload: { ...frame, kind: frame.direction, at: Date.now() },
});

/** @param {import("../store.js").Action} action that has no secret in it */
const logAction = (action) => ({
  type: "LOG_ACTION",
  payload: {
    ...describeAction(action),
    kind: action.type === "SOCKET_ERROR" ? "error" : "action",
    at: Date.now(),
  },
});

/**
 * Makes the plugin's middleware.
 *
 * @param {(action: any) => any} redact takes the secrets out of an action
 * @returns {import("redux").Middleware}
 */
export const logging =
  (redact) =>
  ({ dispatch }) =>
  (next) =>
  (action) => {
    const { type } = /** @type {import("../store.js").Action} */ (action);
    if (!type.startsWith("LOG_")) dispatch(logAction(redact(action)));
    return next(action);
  };

/**
 * @param {Log["traffic"]} traffic
 * @param {import("../frames.js").Frame} frame
 */
function counted(traffic, { direction, bytes }) {
  const { frames, size } = traffic[direction];
  return {
    ...traffic,
    [direction]: { frames: frames + 1, size: size + bytes },
  };
}

/**
 * @param {Log} state
 * @param {Omit<Entry, "id">} payload
 * @returns {Log}
 */
function added(state, { at, kind, name, text }) {
  const id = state.total + 1;
  const entries = [{ id, at, kind, name, text }, ...state.entries];
  return { ...state, total: id, entries: entries.slice(0, LIMIT) };
}

/** @param {Log} state */
const holding = ({ entries, total }) => ({ entries, total });

/**
 * @param {Log} state
 * @returns {Log}
 */
function cleared(state) {
  const empty = { ...state, entries: [] };
  return { ...empty, held: state.held && holding(empty) };
}

/**
 * @param {Log} state
 * @param {import("../store.js").Action} action
 * @returns {Log}
 */
function reducer(state = initial, { type, payload }) {
  switch (type) {
    case "LOG_FRAME":
      return {
        ...added(state, payload),
        traffic: counted(state.traffic, payload),
      };
    case "LOG_ACTION":
      return added(state, payload);
    case "LOG_PAUSED":
      return { ...state, held: payload.paused ? holding(state) : null };
    case "LOG_CLEARED":
      return cleared(state);
    default:
      return state;
  }
}

export const pluginReducers = { log: reducer };

/** @param {boolean} paused */
const pauseLog = (paused) => ({ type: "LOG_PAUSED", payload: { paused } });

export const mapComponentDispatch = {
  Panel: (/** @type {any} */ dispatch, /** @type {object} */ map) =>
    Object.assign(map, {
      pauseLog: (/** @type {boolean} */ paused) => dispatch(pauseLog(paused)),
      clearLog: () => dispatch({ type: "LOG_CLEARED" }),
    }),
};

/**
 * @typedef {object} Filter
 * @property {boolean} frames
 * @property {boolean} actions
 * @property {string} text
 */

/**
 * @param {Entry[]} entries
 * @param {Filter} filter
 * @returns {Entry[]} those that pass it
 */
export function filtered(entries, { frames, actions, text }) {
  const wanted = text.trim().toLowerCase();
  return entries.filter(({ kind, name, text: body }) => {
    const isFrame = kind === "sent" || kind === "received";
    if (isFrame ? !frames : !actions) return false;
    return `${name} ${body}`.toLowerCase().includes(wanted);
  });
}
