import assert from "node:assert/strict";
import { test } from "node:test";
import vm from "node:vm";

import {
  Body,
  ackBytes,
  bytesOf,
  encode,
  pageBuffer,
  parse,
} from "./payload.js";
import { Reader } from "./reader.js";

const bytes = (/** @type {number[]} */ ...data) => Uint8Array.from(data);

/** Attachments as they are, for the application. */
const same = (/** @type {Uint8Array} */ data) => data;

/**
 * @param {string} text
 * @param {Uint8Array[]} attachments
 */
function received(text, ...attachments) {
  const body = new Body(text);
  body.attachments = attachments;
  return body;
}

/** @type {(body: Body, offset: number, binary: typeof same) => unknown[]} */
const read = ({ text, attachments }, offset, binary) =>
  parse(text, offset, attachments, binary);

/** @param {Body} body */
const wire = ({ text, attachments }) => [text, ...attachments];

/** @param {number} num */
const placeholder = (num) => `{"_placeholder":true,"num":${num}}`;

// Encoding.

test("what JSON can say is written as JSON.stringify does", () => {
  for (const args of [
    [],
    ["broadcast", "watch chain"],
    [null, true, -0.5, 1e21, "ö 東 🚀 \u2028 \ud83d", { a: [{ b: {} }] }],
    [[], {}, "", 0, false],
    [NaN, Infinity, -Infinity],
    [new Date(0), new Map([[1, 2]]), new Set([1]), /x/, new Error("e")],
    [Object(1), Object("s"), Object(false)],
    [{ toJSON: () => ({ a: 1 }) }, { toJSON: () => "text" }],
    [{ toJSON: (/** @type {string} */ key) => `at ${key}` }],
  ]) {
    assert.deepEqual(wire(encode(args)), [JSON.stringify(args)]);
  }
});

test("what JSON has no word for is null in an array", () => {
  for (const value of [undefined, () => 1, Symbol("s"), class {}]) {
    assert.equal(encode(["e", value, 1]).text, '["e",null,1]');
    assert.equal(encode([{}, value]).text, "[{},null]");
    assert.equal(encode([[value]]).text, "[[null]]");
  }
});

test("what JSON has no word for is left out of an object", () => {
  const args = [{ a: undefined, b() {}, c: Symbol("s"), d: 1, [Symbol()]: 2 }];
  assert.equal(encode(args).text, '[{"d":1}]');
});

test("a hole is null", () => {
  // eslint-disable-next-line no-sparse-arrays -- this is the case
  assert.equal(encode(["e", , 1]).text, '["e",null,1]');
  assert.equal(encode(new Array(2)).text, "[null,null]");
});

test("a toJSON that makes binary data is honoured", () => {
  const data = bytes(1, 2);
  const body = encode([{ toJSON: () => ({ data }) }]);
  assert.deepEqual(wire(body), [`[{"data":${placeholder(0)}}]`, data]);
});

test("a BigInt is an error that says so", () => {
  for (const args of [[5n], ["e", { a: [5n] }]]) {
    assert.throws(() => encode(args), { name: "TypeError", message: /BigInt/ });
  }
});

test("a cycle is an error that says so", () => {
  /** @type {any} */
  const circular = { data: bytes(1) };
  circular.self = [circular];
  assert.throws(() => encode([circular]), {
    name: "TypeError",
    message: /circular/,
  });
});

test("what a toJSON or a getter throws is thrown", () => {
  const error = new Error("not today");
  const fail = () => {
    throw error;
  };
  assert.throws(() => encode([{ toJSON: fail }]), error);
  assert.throws(
    () =>
      encode([Object.defineProperty({}, "a", { enumerable: true, get: fail })]),
    error,
  );
});

/** Every type that is binary, with the same two bytes in each. */
const buffer = bytes(9, 1, 2, 9).buffer;
const binaries = {
  Uint8Array: new Uint8Array(buffer, 1, 2),
  Int8Array: new Int8Array(buffer, 1, 2),
  Uint8ClampedArray: new Uint8ClampedArray(buffer, 1, 2),
  Uint16Array: new Uint16Array(bytes(1, 2).buffer),
  Int16Array: new Int16Array(bytes(1, 2).buffer),
  DataView: new DataView(buffer, 1, 2),
  ArrayBuffer: bytes(1, 2).buffer,
  Buffer: Buffer.from(buffer, 1, 2),
  "an ArrayBuffer of another frame": vm.runInNewContext(
    "Uint8Array.of(1, 2).buffer",
  ),
  "a Uint8Array of another frame": vm.runInNewContext("Uint8Array.of(1, 2)"),
  "a DataView of another frame": vm.runInNewContext(
    "new DataView(Uint8Array.of(0, 1, 2).buffer, 1)",
  ),
};

for (const [name, binary] of Object.entries(binaries)) {
  test(`${name} is an attachment, at any depth`, () => {
    const p = placeholder(0);
    assert.deepEqual(wire(encode([binary])), [`[${p}]`, bytes(1, 2)]);
    assert.deepEqual(wire(encode(["e", { a: [{ b: binary }] }, 1])), [
      `["e",{"a":[{"b":${p}}]},1]`,
      bytes(1, 2),
    ]);
  });
}

test("numbers of several bytes are attachments of all their bytes", () => {
  const one = new Uint8Array(new Float32Array([1]).buffer);
  const { attachments } = encode([
    new Float32Array([1, 1]),
    new Float64Array(2),
    new BigInt64Array([-1n]),
  ]);
  assert.deepEqual(attachments, [
    bytes(...one, ...one),
    new Uint8Array(16),
    bytes(...Array(8).fill(255)),
  ]);
});

test("empty data are an attachment as well", () => {
  const { text, attachments } = encode([bytes(), new ArrayBuffer(0)]);
  assert.equal(text, `[${placeholder(0)},${placeholder(1)}]`);
  assert.deepEqual(attachments, [bytes(), bytes()]);
});

test("the same data twice are one attachment", () => {
  const data = bytes(1);
  const other = bytes(1);
  assert.deepEqual(wire(encode([data, { data, other }, [other, data]])), [
    `[${placeholder(0)},{"data":${placeholder(0)},"other":${placeholder(1)}},[${placeholder(1)},${placeholder(0)}]]`,
    data,
    other,
  ]);
});

test("two views of one buffer are two attachments", () => {
  const all = bytes(1, 2, 3, 4);
  assert.deepEqual(encode([all.subarray(0, 2), all.subarray(2)]).attachments, [
    bytes(1, 2),
    bytes(3, 4),
  ]);
});

test("a thousand attachments keep their order", () => {
  const many = Array.from({ length: 1000 }, (_, i) => bytes(i, i >> 8));
  const body = encode(["e", many]);
  assert.deepEqual(body.attachments, many);
  assert.equal(JSON.parse(body.text)[1][999].num, 999);
});

test("an attachment is a view, and not a copy", () => {
  const data = bytes(1, 2, 3);
  assert.equal(encode([data.subarray(1)]).attachments[0].buffer, data.buffer);
});

// Parsing.

test("the arguments are parsed from where they begin", () => {
  assert.deepEqual(read(received('["e",1]'), 0, same), ["e", 1]);
  assert.deepEqual(read(received('42["e",{"a":1}]'), 2, same), ["e", { a: 1 }]);
});

test("they are parsed once", () => {
  const body = received('42["e",{}]');
  const reader = new Reader({});
  assert.equal(reader.read(body, 2), reader.read(body, 2));
});

test("what is no array is no arguments", () => {
  for (const text of ["", "{}", "null", "5", '"e"']) {
    assert.deepEqual(read(received(text), 0, same), []);
  }
});

test("what is no JSON is a SyntaxError, with and without attachments", () => {
  for (const text of ["[", '["e"', "['e']", '["e"]x', "[undefined]"]) {
    assert.throws(() => read(received(text), 0, same), SyntaxError);
    assert.throws(() => read(received(text, bytes(1)), 0, same), SyntaxError);
  }
});

test("placeholders are replaced, at any depth and in any order", () => {
  const a = bytes(1);
  const b = bytes(2);
  const text = `["e",${placeholder(1)},{"x":[${placeholder(0)}]},${placeholder(1)}]`;
  const args = read(received(text, a, b), 0, same);
  assert.deepEqual(args, ["e", b, { x: [a] }, b]);
  assert.equal(args[1], args[3], "the same attachment is the same value");
});

test("a placeholder may have more to it", () => {
  const text = '[{"num":0,"more":1,"_placeholder":true}]';
  assert.deepEqual(read(received(text, bytes(7)), 0, same), [bytes(7)]);
});

for (const value of [
  { _placeholder: true, num: 1 },
  { _placeholder: true, num: 4294967296 },
  { _placeholder: true, num: -1 },
  { _placeholder: true, num: 0.5 },
  { _placeholder: true, num: "0" },
  { _placeholder: true, num: null },
  { _placeholder: true },
  { _placeholder: 1, num: 0 },
  { _placeholder: "true", num: 0 },
  { _placeholder: false, num: 0 },
  { num: 0 },
]) {
  test(`${JSON.stringify(value)} stays, of one attachment`, () => {
    const text = JSON.stringify(["e", value]);
    const args = read(received(text, bytes(1)), 0, same);
    assert.deepEqual(args, ["e", value]);
  });
}

test("without attachments a placeholder is an object like any other", () => {
  const args = read(received(`["e",${placeholder(0)}]`), 0, same);
  assert.deepEqual(args, ["e", { _placeholder: true, num: 0 }]);
});

test("__proto__ in what is received changes no prototype", () => {
  const text =
    '["e",{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}]';
  const args = [
    read(received(text), 0, same),
    read(received(text, bytes(1)), 0, same),
  ];
  for (const [, value] of /** @type {any[][]} */ (args)) {
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.ok(Object.hasOwn(value, "__proto__"), "it is a key like any other");
    assert.equal(value.polluted, undefined);
  }
  assert.equal(/** @type {any} */ ({}).polluted, undefined);
});

test("an attachment that stands for __proto__ becomes no prototype", () => {
  const text = `[{"__proto__":${placeholder(0)},"a":1}]`;
  const [value] = /** @type {any[]} */ (
    read(received(text, bytes(1)), 0, same)
  );
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.deepEqual(Object.keys(value), ["__proto__", "a"]);
});

test("attachments become what the application wants, once each", () => {
  let made = 0;
  const binary = (/** @type {Uint8Array} */ { buffer, byteOffset, length }) => {
    made++;
    return Buffer.from(buffer, byteOffset, length);
  };
  const text = `[${placeholder(0)},${placeholder(0)}]`;
  const whole = bytes(9, 1, 2);
  const args = read(received(text, whole.subarray(1)), 0, binary);
  assert.equal(made, 1);
  assert.ok(args.every(Buffer.isBuffer));
  assert.deepEqual(args[0], Buffer.from([1, 2]));
  assert.equal(args[0], args[1]);
});

test("deeply nested arguments are parsed", () => {
  const deep = "[".repeat(2000) + placeholder(0) + "]".repeat(2000);
  let [value] = /** @type {any[]} */ (read(received(deep, bytes(5)), 0, same));
  while (Array.isArray(value)) {
    [value] = value;
  }
  assert.deepEqual(value, bytes(5));
});

test("what is encoded is parsed again", () => {
  const args = ["e", { a: [bytes(1), null, "ö"] }, bytes(), [[bytes(2, 3)]]];
  const { text, attachments } = encode(args);
  assert.deepEqual(read(received(text, ...attachments), 0, same), args);
});

// Bytes.

test("what is not binary has no bytes", () => {
  for (const value of [null, undefined, 1, "text", [1], {}, { length: 1 }]) {
    assert.equal(bytesOf(value), null);
  }
});

test("an ack has the bytes that Buffer.from would make", () => {
  for (const ack of ["ok", "größer 🚀", [1, 2, 300, -1], [], bytes(1, 2)]) {
    assert.deepEqual(
      ackBytes(ack),
      Uint8Array.from(Buffer.from(/** @type {any} */ (ack))),
    );
  }
  assert.deepEqual(ackBytes(bytes(1, 2).buffer), bytes(1, 2));
});

test("an ack of anything else has none", () => {
  for (const ack of [undefined, null, 5, true, {}, () => "ok"]) {
    assert.equal(ackBytes(ack), null);
  }
});

test("a page that has a Buffer has it used", (t) => {
  assert.equal(pageBuffer(), Buffer);
  const original = globalThis.Buffer;
  t.after(() => (globalThis.Buffer = original));
  /** @type {any} */ (globalThis).Buffer = undefined;
  assert.equal(pageBuffer(), null);
});

test("a namespace may have letters of any size", () => {
  const reader = new Reader({});
  for (const nsp of ["/a", "/ü", "/東", "/🚀", "/a🚀東ü"]) {
    const head = `42${nsp},`;
    const body = received(`${head}["e",1]`);
    assert.deepEqual(reader.read(body, Buffer.byteLength(head)), ["e", 1], nsp);
  }
});
