// @ts-check

// What arrives, as the application gets it.

import { rethrow } from "./errors.js";
import { pageBuffer, parse } from "./payload.js";

export class Reader {
  /** @param {Record<string, any>} options */
  constructor(options) {
    this._options = options;
    // Looked up once: to ask for a global that is not there is slow.
    this._buffer = options?.Buffer ?? pageBuffer();
    this.binary = this.binary.bind(this);
  }

  /**
   * The arguments in a body, or null if they are no JSON.
   *
   * @param {import("./payload.js").Body} body
   * @param {number} offset where the JSON begins, in bytes
   * @returns {unknown[] | null}
   */
  read(body, offset) {
    return (body.args ??= this.readText(
      body.text,
      lettersIn(body.text, offset),
      body.attachments,
    ));
  }

  /**
   * The arguments in a text, or null if they are no JSON.
   *
   * @param {string} text
   * @param {number} offset where the JSON begins
   * @param {Uint8Array[]} attachments
   */
  readText(text, offset, attachments) {
    try {
      return parse(text, offset, attachments, this.binary);
    } catch {
      return null;
    }
  }

  /**
   * What the application gets for an attachment.
   *
   * @param {Uint8Array} data
   * @returns {Uint8Array}
   */
  binary(data) {
    if (this._options.binary) {
      try {
        return this._options.binary(data);
      } catch (error) {
        rethrow(error); // the server has done nothing wrong
      }
    }
    return this._buffer
      ? this._buffer.from(data.buffer, data.byteOffset, data.byteLength)
      : data;
  }
}

/**
 * How many letters of a text so many bytes are. Where it matters the letters
 * are those of a namespace; there mostly is none.
 *
 * @param {string} text
 * @param {number} bytes
 */
export function lettersIn(text, bytes) {
  let letters = 0;
  for (let left = bytes; left > 0; letters++) {
    const code = text.charCodeAt(letters);
    const isHalf = (code & 0xf800) === 0xd800; // of a pair, which is 4 bytes
    left -= code < 0x80 ? 1 : code < 0x800 || isHalf ? 2 : 3;
  }
  return letters;
}
