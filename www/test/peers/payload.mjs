// @ts-check
//
// Values on the control line. Beside what JSON has there are
//
//   {"$hex": "00ff"}                     a Buffer, in or out
//   {"$bytes": N}, {"$text": N}          in: a Buffer or a string of N, by rule
//   {"$sha256": "…", "length": N,        out: a Buffer or a string that is too
//    "binary": true}                     long to be written down

import { createHash } from "node:crypto";

/** What is longer is reported by its hash. */
const limit = 1024;

/**
 * @param {any} value
 * @returns {unknown} what it stands for
 */
export function make(value) {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(make);
  if ("$hex" in value) return Buffer.from(value.$hex, "hex");
  if ("$bytes" in value) return pattern(value.$bytes);
  if ("$text" in value)
    return pattern(value.$text).toString("hex").slice(0, value.$text);
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([k, v]) => [k, make(v)]));
}

/**
 * @param {any} value
 * @returns {unknown} what to write of it
 */
export function digest(value) {
  if (value === undefined) return null;
  if (Buffer.isBuffer(value)) {
    if (value.length > limit) return hash(value, true);
    return { $hex: value.toString("hex") };
  }
  if (typeof value === "string" && value.length > limit)
    return hash(value, false);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(digest);
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([k, v]) => [k, digest(v)]));
}

// Byte i is 31i+7 and then some every 256, so that no two pages are alike.
/** @param {number} length */
function pattern(length) {
  const bytes = Buffer.allocUnsafe(length);
  for (let i = 0; i < length; i++) bytes[i] = 31 * i + 7 + (i >> 8);
  return bytes;
}

/**
 * @param {Buffer | string} value
 * @param {boolean} binary
 */
function hash(value, binary) {
  const sum = createHash("sha256").update(value).digest("hex");
  return { $sha256: sum, length: value.length, binary };
}
