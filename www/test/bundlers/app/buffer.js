// @ts-check
//
// A page that has a Buffer of its own, as a global.

class PageBuffer extends Uint8Array {
  kind = "PageBuffer";

  static from(data, offset, length) {
    return new PageBuffer(data, offset, length);
  }
}

/** @type {any} */ (globalThis).Buffer = PageBuffer;
