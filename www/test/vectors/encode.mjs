// @ts-check
//
// What npm's bsock puts on the wire for what the application says.

import { Peer } from "./peer.mjs";
import { describe, untag } from "./values.mjs";

/**
 * @typedef {object} EncodeCase
 * @property {string} name
 * @property {"fire" | "call" | "ack" | "error"} send
 * @property {unknown[]} args tagged: event and arguments, a hook's result, or
 *   the fields of the error that a hook threw
 * @property {number} [id] of the call that an ack or error answers
 * @property {string} [nsp] a namespace other than "/"
 * @property {boolean} [b64] the client asked for base64 instead of binary
 */

const bytes = { $hex: "00ff10" };
const other = { $hex: "deadbeef" };
const none = { $undefined: true };

/** @type {EncodeCase[]} */
const cases = [
  { name: "an event alone", send: "fire", args: ["hello"] },
  {
    name: "an event with arguments",
    send: "fire",
    args: ["hello", 1, "two", true, null],
  },
  {
    name: "a broadcast to the node",
    send: "fire",
    args: ["broadcast", "watch chain"],
  },
  {
    name: "a subscription",
    send: "fire",
    args: ["subscribe", "block connect", "new block"],
  },
  { name: "an empty event name", send: "fire", args: [""] },
  {
    name: "a reserved event is not refused when sent",
    send: "fire",
    args: ["connect", 1],
  },
  { name: "undefined becomes null", send: "fire", args: ["a", none, 1, none] },
  {
    name: "undefined in an array becomes null",
    send: "fire",
    args: ["a", [none]],
  },
  {
    name: "undefined in an object is left out",
    send: "fire",
    args: ["a", { b: none, c: 1 }],
  },
  { name: "NaN becomes null", send: "fire", args: ["a", { $nan: true }] },
  {
    name: "numbers",
    send: "fire",
    args: ["n", 0, -1, 1.5, 1e21, 1e-7, 9007199254740991],
  },
  {
    name: "integer-like keys come first",
    send: "fire",
    args: ["k", { b: 1, 10: 2, a: 3, 2: 4 }],
  },
  {
    name: "nested arrays and objects",
    send: "fire",
    args: ["x", { a: [1, { b: [] }], c: {} }],
  },
  {
    name: "unicode in the event's name",
    send: "fire",
    args: ["größe 雪 🚀", "é"],
  },
  {
    name: "characters that JSON escapes",
    send: "fire",
    args: ['q"\\/\b\f\n\r\t\u0001\u007f'],
  },
  {
    name: "line separators are not escaped",
    send: "fire",
    args: ["\u2028\u2029"],
  },
  { name: "a lone surrogate is escaped", send: "fire", args: ["\ud800"] },
  { name: "an event's name that looks like an id", send: "fire", args: ["42"] },

  { name: "one attachment", send: "fire", args: ["b", bytes] },
  { name: "two attachments", send: "fire", args: ["b", bytes, other] },
  { name: "an empty attachment", send: "fire", args: ["b", { $hex: "" }] },
  {
    name: "an attachment in an object",
    send: "fire",
    args: ["b", { raw: bytes, n: 1 }],
  },
  {
    name: "attachments deep inside",
    send: "fire",
    args: ["b", [{ a: [bytes] }, [[other]]]],
  },
  {
    name: "the same buffer twice is sent once",
    send: "fire",
    args: ["b", bytes, { $same: 0 }],
  },
  {
    name: "the same buffer far apart is sent once",
    send: "fire",
    args: ["b", { a: bytes }, other, [{ $same: 0 }, { $same: 1 }]],
  },
  {
    name: "equal buffers are two attachments",
    send: "fire",
    args: ["b", bytes, bytes],
  },
  {
    name: "twelve attachments",
    send: "fire",
    args: [
      "block connect",
      ...Array.from({ length: 12 }, (_, i) => ({ $hex: `0${i % 10}` })),
    ],
  },
  {
    name: "a forged placeholder is sent as it is",
    send: "fire",
    args: ["b", { _placeholder: true, num: 0 }],
  },
  {
    name: "a forged placeholder beside a real one",
    send: "fire",
    args: ["b", { _placeholder: true, num: 0 }, bytes],
  },
  {
    name: "an attachment as base64",
    send: "fire",
    args: ["b", bytes],
    b64: true,
  },
  {
    name: "an empty attachment as base64",
    send: "fire",
    args: ["b", { $hex: "" }],
    b64: true,
  },

  { name: "a call", send: "call", args: ["get tip"] },
  {
    name: "a call with arguments",
    send: "call",
    args: ["dispatch", "wallet leave", "primary"],
  },
  { name: "auth without a key", send: "call", args: ["auth", none] },
  {
    name: "a call with an attachment",
    send: "call",
    args: ["set filter", bytes],
  },
  { name: "a later id", send: "call", args: ["x"], id: 41 },
  { name: "the highest id", send: "call", args: ["x"], id: 4294967295 },

  { name: "an ack with nothing", send: "ack", id: 0, args: [none] },
  { name: "an ack with null", send: "ack", id: 3, args: [null] },
  { name: "an ack with false", send: "ack", id: 3, args: [false] },
  {
    name: "an ack with an object",
    send: "ack",
    id: 12,
    args: [{ height: 1, hash: "00" }],
  },
  { name: "an ack with an attachment", send: "ack", id: 5, args: [bytes] },
  {
    name: "an ack with attachments in an array",
    send: "ack",
    id: 5,
    args: [[bytes, other]],
  },
  {
    name: "an ack with the highest id",
    send: "ack",
    id: 4294967295,
    args: [1],
  },

  {
    name: "an error ack",
    send: "error",
    id: 2,
    args: [{ message: "Bad key.", name: "Error" }],
  },
  {
    name: "an error ack with every field",
    send: "error",
    id: 2,
    args: [{ message: "m", name: "TypeError", type: "T", code: "E_X" }],
  },
  {
    name: "an error ack with a number as code",
    send: "error",
    id: 2,
    args: [{ message: "m", code: 404 }],
  },
  { name: "an error ack without a message", send: "error", id: 2, args: [{}] },
  {
    name: "an error ack with fields of wrong types",
    send: "error",
    id: 2,
    args: [{ message: 1, name: 2, type: {}, code: [] }],
  },
  {
    name: "an error packet",
    send: "error",
    id: -1,
    args: [{ message: "m", name: "Error", code: null }],
  },

  { name: "a namespace", send: "fire", args: ["a", 1], nsp: "/chat" },
  {
    name: "a namespace and an id",
    send: "call",
    args: ["a", 1],
    nsp: "/chat",
    id: 7,
  },
  {
    name: "a namespace and an attachment",
    send: "fire",
    args: ["a", bytes],
    nsp: "/chat",
  },
  {
    name: "a namespace, an id and an attachment",
    send: "call",
    args: ["a", bytes],
    nsp: "/a/b",
    id: 7,
  },

  { name: "no event is refused", send: "fire", args: [] },
  {
    name: "an event that is no string is refused",
    send: "fire",
    args: [1, "a"],
  },
  { name: "a call of no event is refused", send: "call", args: [] },
  { name: "a call of null is refused", send: "call", args: [null] },
];

/** @returns {Promise<object[]>} the vectors of encode.json */
export async function recordEncode() {
  const vectors = [];
  for (const vector of cases) vectors.push(await record(vector));
  return vectors;
}

/** @param {EncodeCase} vector */
async function record(vector) {
  const peer = new Peer("server", { b64: vector.b64 });
  await peer.handshake();
  try {
    return { ...vector, ...(await send(peer, vector)) };
  } catch (error) {
    return { ...vector, error: describe(error) };
  } finally {
    peer.end();
  }
}

/**
 * @param {Peer} peer
 * @param {EncodeCase} vector
 */
async function send(peer, vector) {
  const packet = spy(peer, vector.nsp);
  speak(peer, vector);
  const frames = [];
  for (const happening of await peer.happenings()) frames.push(happening.send);
  return { packet: packet(), frames };
}

// Notes the Packet on its way to the wire, and puts it into another namespace
// first: bsock can write one but offers no way to ask for it.
/**
 * @param {Peer} peer
 * @param {string} [nsp]
 */
function spy(peer, nsp = "/") {
  const { socket } = peer;
  const sendPacket = socket.sendPacket.bind(socket);
  /** @type {object} */
  let seen;
  socket.sendPacket = (/** @type {any} */ packet) => {
    packet.nsp = nsp;
    const { type, attachments, id, data } = packet;
    seen = { type, attachments, nsp, id, data };
    sendPacket(packet);
  };
  return () => seen;
}

/**
 * @param {Peer} peer
 * @param {EncodeCase} vector
 */
function speak({ socket }, { send: how, args, id }) {
  const values = /** @type {any[]} */ (untag(args));
  switch (how) {
    case "fire":
      return socket.fire(...values);
    case "call":
      socket.sequence = id ?? 0;
      return void socket.call(...values).catch(() => {});
    case "ack":
      return socket.sendAck(id, values[0] ?? null);
    case "error":
      return socket.sendError(id, values[0]);
  }
}
