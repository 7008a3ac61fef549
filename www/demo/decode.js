// @ts-check
// Reads what a node sends for a block: its serialised chain entry.
//
// Two layouts are known and told apart by their size:
// hsd    304 bytes (hsd: lib/blockchain/chainentry.js write): the hash is in it
// bcoin  116 bytes (bcoin: lib/blockchain/chainentry.js toRaw): header of 80
//        bytes, height, chainwork; the hash is that of the header, shown reversed

import { sha256 } from "./sha256.js";

/**
 * @typedef {object} Block
 * @property {string} hash as the node's own tools print it
 * @property {string} prev the hash of the block before it
 * @property {number} height
 * @property {number} time when it was made, seconds since 1970
 * @property {number} version
 * @property {number} bits the target, compact
 */

const HSD_SIZE = 304;
const BCOIN_SIZE = 116;
const BCOIN_HEADER_SIZE = 80;

/**
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function hex(bytes) {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {Uint8Array} raw
 * @param {DataView} view
 * @returns {Block}
 */
function decodeHsd(raw, view) {
  return {
    hash: hex(raw.subarray(0, 32)),
    prev: hex(raw.subarray(48, 80)),
    height: view.getUint32(32, true),
    time: Number(view.getBigUint64(40, true)),
    version: view.getUint32(232, true),
    bits: view.getUint32(236, true),
  };
}

/**
 * @param {Uint8Array} raw
 * @param {DataView} view
 * @returns {Block}
 */
function decodeBcoin(raw, view) {
  const header = raw.subarray(0, BCOIN_HEADER_SIZE);
  return {
    hash: hex(sha256(sha256(header)).reverse()),
    prev: hex(raw.slice(4, 36).reverse()),
    height: view.getUint32(80, true),
    time: view.getUint32(68, true),
    version: view.getUint32(0, true),
    bits: view.getUint32(72, true),
  };
}

/**
 * Decodes a chain entry. It throws if the value is not one.
 *
 * @param {unknown} raw
 * @returns {Block}
 */
export function decodeEntry(raw) {
  if (!(raw instanceof Uint8Array))
    throw new TypeError(
      `A chain entry must be binary, but the node sent ${raw === null ? "null" : typeof raw}.`,
    );
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  if (raw.length === HSD_SIZE) return decodeHsd(raw, view);
  if (raw.length === BCOIN_SIZE) return decodeBcoin(raw, view);
  throw new RangeError(
    `A chain entry has ${HSD_SIZE} bytes (hsd) or ${BCOIN_SIZE} (bcoin), but the node sent ${raw.length}.`,
  );
}
