// @ts-check
// A file that gives a node in memory its chain and its wallets back after it was
// killed: each line is one JSON object, written before anybody hears of it.
//
//   {"wallet":"primary","mnemonic":"…"}
//   {"block":"…"}                        raw, in hexadecimal
//
// What was waiting for a block is lost, as it is with a node on disk that does
// not keep its mempool.

import {
  closeSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeSync,
} from "node:fs";

/** @typedef {{wallet: string, mnemonic: string} | {block: string}} Entry */

/** A Journal is open for more. */
export class Journal {
  #file;
  /** @type {Entry[]} what was there when it was opened */
  entries;

  /** @param {string} path of a file that need not be there yet */
  constructor(path) {
    this.#file = openSync(path, "a+");
    const text = readFileSync(this.#file, "utf8");
    // Nobody has heard of what a kill cut short.
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    ftruncateSync(this.#file, Buffer.byteLength(whole));
    this.entries = whole
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  }

  // What a write has taken is the kernel's, which outlives this process.
  /** @param {Entry} entry */
  add(entry) {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
  }

  close() {
    closeSync(this.#file);
  }
}
