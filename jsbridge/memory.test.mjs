import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Memory } from "./memory.js";

/** memory.go, as far as JavaScript sees of it, in 4 pages. */
class Module {
  constructor() {
    this.mem = new WebAssembly.Memory({ initial: 4 });
    this.next = 64;
    /** @type {number[]} what was asked for */
    this.asked = [];
    this.released = 0;
    this.memory = (/** @type {number} */ size) => {
      this.asked.push(size);
      return this.allocate(size);
    };
    this.release = () => {
      this.released++;
      return this.allocate(4096);
    };
  }

  /** @param {number} size */
  allocate(size) {
    const address = this.next;
    this.next += size;
    const missing = this.next - this.mem.buffer.byteLength;
    if (missing > 0) {
      this.mem.grow(Math.ceil(missing / 65536));
    }
    return address;
  }
}

/** @type {Module} */
let module;
/** @type {Memory} */
let memory;

beforeEach(() => {
  module = new Module();
  memory = new Memory(/** @type {any} */ (module));
});

/** @param {number} address @param {number} size */
const bytesAt = (address, size) =>
  Buffer.from(module.mem.buffer, address, size);

/** @param {string} text what is put, alone */
function put(text) {
  memory.begin(text.length);
  const size = memory.put(text);
  return bytesAt(memory.address, size).toString("hex");
}

const hex = (/** @type {string} */ text) => Buffer.from(text).toString("hex");

/** Around SHORT, up to which a text is put letter by letter, and SIZE. */
const LENGTHS = [0, 1, 127, 128, 129, 1365, 1366, 4095, 4096, 4097, 100_000];

test("the buffer is asked for at once, and used at its address", () => {
  assert.deepEqual(module.asked, [4096]);
  put("a");
  assert.equal(memory.address, 64);
});

for (const [name, letter] of Object.entries({
  "one byte": "a",
  "the last of one byte": "\x7f",
  "the first of two bytes": "\x80",
  "two bytes": "ö",
  "three bytes": "東",
  "four bytes": "🚀",
})) {
  test(`texts of letters of ${name} are put as UTF-8`, () => {
    for (const length of LENGTHS) {
      const text = letter.repeat(length);
      assert.equal(put(text), hex(text), `${length} letters`);
    }
  });

  test(`texts of letters of ${name} are got back`, () => {
    for (const length of [0, 1, 4, 5, 7, 8, 15, 16, 17, 5000]) {
      const text = letter.repeat(length);
      memory.begin(text.length);
      const size = memory.put(text);
      assert.equal(memory.get(memory.address, size), text, `${length} letters`);
    }
  });
}

test("a letter that is not ASCII may stand anywhere", () => {
  for (const length of [14, 15, 16, 127, 128]) {
    for (const at of [0, 1, length - 2, length - 1]) {
      const text = "a".repeat(at) + "é" + "a".repeat(length - at - 1);
      assert.equal(put(text), hex(text));
      memory.begin(text.length);
      const size = memory.put(text);
      assert.equal(memory.get(memory.address, size), text);
    }
  }
});

test("half a letter is put as a replacement", () => {
  assert.equal(put("a\ud83d"), hex("a\ufffd"));
  assert.equal(put("\ude80".repeat(200)), hex("\ufffd".repeat(200)));
});

test("bytes that are not UTF-8 are got as replacements", () => {
  bytesAt(1000, 20).fill(0xff);
  assert.equal(memory.get(1000, 2), "\ufffd\ufffd");
  assert.equal(memory.get(1000, 20), "\ufffd".repeat(20));
});

test("a byte order mark is a letter like any other", () => {
  for (const text of ["\ufeff", "\ufeffa", "\ufeff" + "a".repeat(100)]) {
    assert.equal(put(text), hex(text));
    memory.begin(text.length);
    const size = memory.put(text);
    assert.equal(memory.get(memory.address, size), text);
  }
});

test("strings of one set stand behind each other", () => {
  memory.begin(300);
  const places = ["ö", "", "b".repeat(200), "c"].map((text) => {
    const size = memory.put(text);
    return [memory.address, size];
  });
  assert.deepEqual(places, [
    [64, 2],
    [66, 0],
    [66, 200],
    [266, 1],
  ]);
  assert.deepEqual(
    places.map(([address, size]) => memory.get(address, size)),
    ["ö", "", "b".repeat(200), "c"],
  );
});

test("a new set begins where the last did", () => {
  put("first");
  put("second");
  assert.equal(memory.address, 64);
});

test("the buffer grows to three bytes a letter, and only if it must", () => {
  memory.begin(1365);
  assert.deepEqual(module.asked, [4096]);
  memory.begin(1366);
  memory.begin(1000);
  assert.deepEqual(module.asked, [4096, 4098]);
  memory.begin(5000);
  assert.deepEqual(module.asked, [4096, 4098, 15000]);
});

test("a text has room behind others for whatever its letters are", () => {
  memory.begin(2000 + 1000);
  assert.equal(memory.put("x".repeat(2000)), 2000);
  assert.equal(memory.put("東".repeat(1000)), 3000);
  assert.equal(memory.get(memory.address, 3000), "東".repeat(1000));
});

test("release lets go of a buffer that has grown, and of no other", () => {
  memory.release();
  assert.equal(module.released, 0);
  memory.begin(5000);
  memory.release();
  memory.release();
  assert.equal(module.released, 1);
  put("a");
  assert.equal(memory.address, 64 + 4096 + 15000);
  memory.begin(1366);
  assert.deepEqual(module.asked, [4096, 15000, 4098]);
});

test("the view is made anew when the module has grown", () => {
  put("before");
  const view = memory.bytes;
  assert.equal(memory.bytes, view, "it is kept while it can be");
  module.mem.grow(1);
  assert.equal(view.byteLength, 0, "the old one is detached");
  assert.equal(put("after"), hex("after"));
  assert.equal(memory.get(memory.address, 5), "after");
  module.mem.grow(1);
  assert.equal(memory.get(64, 5), "after", "reading finds out as well");
  module.mem.grow(1);
  assert.equal(put("ö".repeat(1000)), hex("ö".repeat(1000)));
});

test("what asking for room has grown is seen", () => {
  const long = "z".repeat(200_000);
  assert.equal(put(long), hex(long), "the module grew to make room for it");
});
