// @ts-check

// The module's memory, as far as the border uses it: strings go in through one
// buffer that Go owns, and come out from wherever Go has them. memory.go is the
// Go half.

/** How large the buffer is while no message is longer, in bytes. */
const SIZE = 4096;

/** How long a text may be to be written letter by letter. */
const SHORT = 128;

/** How long a text may be to be read letter by letter, in bytes. */
const TINY = 16;

export class Memory {
  /** @param {Record<string, any>} exports of the module */
  constructor(exports) {
    this._exports = exports;
    // Not at import: jsdom, for one, has neither.
    this._encoder = new TextEncoder();
    this._decoder = new TextDecoder("utf-8", { ignoreBOM: true }); // or it is lost
    /** @type {WebAssembly.Memory} */
    this._memory = exports.mem;
    this._bytes = new Uint8Array(0);
    this._size = SIZE;
    /** @type {number} */
    this._address = exports.memory(SIZE);
    this._end = 0;
    /** Where the last string that was put begins. */
    this.address = 0;
  }

  /** All of it; made anew when it has grown and the old view is detached. */
  get bytes() {
    if (this._bytes.byteLength === 0) {
      this._bytes = new Uint8Array(this._memory.buffer);
    }
    return this._bytes;
  }

  /**
   * Begins a new set of strings, behind each other in the buffer, that have
   * room there with so many letters in all.
   *
   * @param {number} letters
   */
  begin(letters) {
    const most = letters * 3;
    if (most > this._size) {
      this._address = this._exports.memory(most);
      this._size = most;
    }
    this._end = 0;
  }

  /**
   * Puts a string behind those before it, and returns its size in bytes. Its
   * address is in `address`, and holds until the next `begin`.
   *
   * @param {string} text
   * @param {number} [letters] how much of it, if not all
   * @returns {number}
   */
  put(text, letters = text.length) {
    this.address = this._address + this._end;
    const written = this._putShort(text, letters)
      ? letters
      : this._putAny(letters < text.length ? text.slice(0, letters) : text);
    this._end += written;
    return written;
  }

  /**
   * Puts a short string letter by letter, which is faster than to make the view
   * and the result that `encodeInto` needs.
   *
   * @param {string} text
   * @param {number} letters
   * @returns {boolean} whether it was short, and ASCII
   */
  _putShort(text, letters) {
    if (letters > SHORT) {
      return false;
    }
    const bytes = this.bytes;
    const address = this.address;
    for (let i = 0; i < letters; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) {
        return false;
      }
      bytes[address + i] = code;
    }
    return true;
  }

  /** @param {string} text */
  _putAny(text) {
    const room = this.bytes.subarray(this.address, this._address + this._size);
    return this._encoder.encodeInto(text, room).written;
  }

  /** Lets go of what one long text has made the buffer grow by. */
  release() {
    if (this._size > SIZE) {
      this._address = this._exports.release();
      this._size = SIZE;
    }
  }

  /**
   * @param {number} address
   * @param {number} size in bytes
   * @returns {string}
   */
  get(address, size) {
    const bytes = this.bytes;
    if (size > TINY) {
      return this._decoder.decode(bytes.subarray(address, address + size));
    }
    let text = "";
    for (let i = address; i < address + size; i++) {
      if (bytes[i] > 0x7f) {
        return this._decoder.decode(bytes.subarray(address, address + size));
      }
      text += String.fromCharCode(bytes[i]);
    }
    return text;
  }
}
