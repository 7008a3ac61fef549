// @ts-check

// Values of the page as the module takes them: a kind, a number and a text.
// guest.go has the kinds.

import { ackBytes } from "./payload.js";
import { carriesKey, REDACTED } from "./secret.js";

/** The kinds of a value, in the order of guest.go. */
const ABSENT = 0;
const NULL = 1;
const BOOL = 2;
const NUMBER = 3;
const STRING = 4;
const FUNCTION = 5;
const OBJECT = 6;

/** How much of a value an error has to show, in letters. */
const SHOWN = 200;

/** @typedef {Readonly<{kind: number, number: number, text: string}>} Described */

/**
 * What is not there, which the module need not be told of. Most fields are
 * not, and a page may have ten thousand listeners of nine fields each.
 *
 * @type {Described}
 */
export const MISSING = Object.freeze({ kind: ABSENT, number: 0, text: "" });

/**
 * A JavaScript value as the module takes it.
 *
 * @param {unknown} value
 * @returns {Described}
 */
function describe(value) {
  switch (typeof value) {
    case "undefined":
      return MISSING;
    case "boolean":
      return { kind: BOOL, number: Number(value), text: String(value) };
    case "number":
      return { kind: NUMBER, number: value, text: String(value) };
    case "string":
      return { kind: STRING, number: 0, text: value };
    case "function":
      return { kind: FUNCTION, number: 0, text: "" };
    case "bigint":
      return { kind: OBJECT, number: 0, text: `${value}n` };
  }
  if (value === null) {
    return { kind: NULL, number: 0, text: "null" };
  }
  return { kind: OBJECT, number: 0, text: show(value) };
}

/**
 * @param {unknown} value an object or a symbol
 * @returns {string}
 */
function show(value) {
  try {
    return (JSON.stringify(value) ?? String(value)).slice(0, SHOWN);
  } catch {
    return "an object"; // with a cycle, or a toJSON that throws
  }
}

/**
 * The fields of a CONNECT_SOCKET, in the order of guest.go.
 *
 * @param {Record<string, unknown>} fields
 * @returns {Described[]}
 */
export function describeConnect(fields) {
  const { port, host, ssl, namespace, protocols, protocol, nsps } = fields;
  const values = [port, host, ssl, namespace].map(describe);
  return [
    ...values,
    describeNames(protocols),
    describe(protocol),
    describeNames(nsps),
  ];
}

/**
 * An emit that is not the usual one, in the order of guest.go.
 *
 * @param {Record<string, unknown>} fields with those of meta
 * @returns {Described[]}
 */
export function describeEmit(fields) {
  const { type, message, acknowledge, timeout, ack } = fields;
  const { nsp, queue, ttl, persist, forget } = fields;
  const said = [type, message, acknowledge, timeout, ack];
  const described = [...said, nsp, queue, ttl, persist, forget].map(describe);
  if (carriesKey(type) && typeof message !== "string") {
    described[1] = { ...described[1], text: REDACTED }; // it is wrong, and the error shows it
  }
  return described;
}

/**
 * An element of the option listeners, in the order of guest.go.
 *
 * @param {any} listener
 * @returns {Described[]}
 */
export function describeListener(listener) {
  const { event, actionType, ack, nsp } = listener;
  const { throttle, latest, batch, filter, map } = listener;
  const windows = [throttle, latest, batch].map(describe);
  return [
    describe(event),
    describe(actionType),
    describeAck(ack),
    describe(nsp),
    ...windows,
    describe(filter),
    describe(map),
  ];
}

/**
 * The ack of a listener: what is not there, what has bytes, and what else.
 *
 * @param {unknown} value
 */
function describeAck(value) {
  if (!value) {
    return describe(undefined);
  }
  return hasBytes(value) ? describe("bytes") : describe(value);
}

/** @param {unknown} ack */
function hasBytes(ack) {
  try {
    return ackBytes(ack) !== null;
  } catch {
    return false; // an array of what has no number, such as a BigInt
  }
}

/**
 * A list of names: an array of strings is a string, separated by commas.
 *
 * @param {unknown} value
 */
function describeNames(value) {
  const names = joined(value);
  if (names !== null) {
    return describe(names);
  }
  const described = describe(value);
  if (described.kind === STRING) {
    return { kind: OBJECT, number: 0, text: `the string "${described.text}"` };
  }
  return described;
}

/** @param {unknown} value */
function joined(value) {
  try {
    const names = Array.isArray(value) ? [...value] : [null];
    return names.every(
      (name) => typeof name === "string" && !name.includes(","),
    )
      ? names.join(",")
      : null;
  } catch {
    return null; // a getter or a proxy of the page's
  }
}
