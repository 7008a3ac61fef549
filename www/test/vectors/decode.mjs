// @ts-check
//
// What npm's bsock reads in one frame: the frame, and the packet in it. What it
// then does with the packet is in session.json.

import frames from "bsock/lib/frame.js";
import packets from "bsock/lib/packet.js";
import { describe } from "./values.mjs";

/** @typedef {{name: string, text?: string, binary?: string}} DecodeCase */

/** @type {DecodeCase[]} */
const cases = [
  {
    name: "open",
    text: '0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":60000}',
  },
  { name: "open without data", text: "0" },
  { name: "close", text: "1" },
  { name: "ping", text: "2" },
  { name: "ping with data", text: "2probe" },
  { name: "pong", text: "3" },
  { name: "upgrade", text: "5" },
  { name: "noop", text: "6" },
  { name: "frame type 7", text: "7" },
  { name: "frame type 9", text: "9x" },
  { name: "frame of a letter", text: "x" },
  { name: "frame of a letter far up", text: "雪" },
  { name: "frame of a character just below the digits", text: "/" },
  { name: "empty text frame", text: "" },

  { name: "base64 frame", text: "b4AP8Q" },
  { name: "base64 frame with padding", text: "b43q2+7w==" },
  { name: "base64 frame in the URL alphabet", text: "b43q2-7w" },
  { name: "base64 frame without data", text: "b4" },
  { name: "base64 frame with junk", text: "b4!!3q2?+7w" },
  {
    name: "base64 frame with data after its padding",
    text: "b43q2+7w==3q2+7w==",
  },
  { name: "base64 frame of one character", text: "b4A" },
  { name: "base64 frame with blanks", text: "b43q2+ 7w\n==" },
  { name: "base64 ping", text: "b2AA==" },
  { name: "base64 frame type 7", text: "b7AA==" },
  { name: "b alone", text: "b" },
  { name: "b and a letter", text: "bx" },
  { name: "b twice", text: "bb4" },

  { name: "binary message", binary: "0400ff" },
  { name: "binary message without data", binary: "04" },
  { name: "binary ping", binary: "02" },
  { name: "binary frame type 6", binary: "0600" },
  { name: "binary frame type 7", binary: "0700" },
  { name: "binary frame type 255", binary: "ff" },
  { name: "binary frame that starts with the digit 4", binary: "3400ff" },
  { name: "binary frame of zero length", binary: "" },

  { name: "connect", text: "40" },
  { name: "connect to a namespace", text: "40/chat," },
  { name: "connect to a namespace without a comma", text: "40/chat" },
  { name: "disconnect", text: "41" },
  { name: "event", text: '42["hello",1]' },
  { name: "event with an id", text: '420["hello"]' },
  { name: "event with the highest id", text: '424294967295["hello"]' },
  { name: "event with id 2^32", text: '424294967296["hello"]' },
  {
    name: "event with ten digits of id, all nines",
    text: '429999999999["hello"]',
  },
  { name: "event with eleven digits of id", text: '4200000000001["hello"]' },
  {
    name: "event with ten digits of id, with zeros",
    text: '420000000007["hello"]',
  },
  { name: "event without data", text: "42" },
  { name: "event with an id and no data", text: "427" },
  { name: "event in a namespace", text: '42/chat,["hello"]' },
  { name: "event in a namespace with an id", text: '42/chat,7["hello"]' },
  { name: "event in the namespace / written out", text: '42/,["hello"]' },
  { name: "event in a namespace with a query", text: '42/chat?x=1,["hello"]' },
  { name: "event in a namespace without a comma", text: '42/chat["hello"]' },
  {
    name: "event whose namespace ends in its data",
    text: '42/chat["hello","x"]',
  },
  { name: "event with a negative id", text: '42-1["hello"]' },
  { name: "event with a blank before its data", text: '42 ["hello"]' },
  { name: "event whose data is not JSON", text: '42["hello"' },
  { name: "event with a blank after its id", text: '427 ["hello"]' },
  { name: "ack", text: "430[null,1]" },
  { name: "ack without an id", text: "43[null,1]" },
  { name: "ack without data", text: "430" },
  { name: "error", text: '44{"message":"m"}' },
  { name: "error that is a string", text: '44"not authorized"' },

  { name: "binary event", text: '451-["b",{"_placeholder":true,"num":0}]' },
  {
    name: "binary event with an id",
    text: '451-3["b",{"_placeholder":true,"num":0}]',
  },
  { name: "binary event in a namespace", text: '452-/chat,3["b"]' },
  { name: "binary event of no attachment", text: '450-["b"]' },
  {
    name: "binary event of 4294967295 attachments",
    text: '454294967295-["b"]',
  },
  { name: "binary event of 2^32 attachments", text: '454294967296-["b"]' },
  {
    name: "binary event with eleven digits of count",
    text: '4500000000001-["b"]',
  },
  { name: "binary event with zeros before its count", text: '45007-["b"]' },
  { name: "binary event without a count", text: '45["b"]' },
  { name: "binary event with a dash and no count", text: '45-["b"]' },
  { name: "binary event without a dash", text: '451["b"]' },
  { name: "binary event that ends in its count", text: "451" },
  { name: "binary event that ends in its dash", text: "451-" },
  { name: "binary event of its type alone", text: "45" },
  { name: "binary event with a negative count", text: '45-1-["b"]' },
  { name: "binary ack", text: '461-0[null,{"_placeholder":true,"num":0}]' },
  { name: "binary ack without a count", text: "46[null]" },

  { name: "empty packet", text: "4" },
  { name: "packet without a type", text: '4["hello"]' },
  { name: "packet type 7", text: '47["hello"]' },
  { name: "packet type 9", text: "49" },
  { name: "packet of a letter", text: "4x" },
  { name: "packet with unicode", text: '42["größe 雪 🚀"]' },
];

/** @returns {object[]} the vectors of decode.json */
export function recordDecode() {
  return cases.map(record);
}

/** @param {DecodeCase} vector */
function record(vector) {
  try {
    const frame = decodeFrame(vector);
    return { ...vector, frame: describeFrame(frame), ...recordPacket(frame) };
  } catch (error) {
    return { ...vector, error: { at: "frame", ...describe(error) } };
  }
}

/** @param {DecodeCase} vector */
function decodeFrame({ text, binary }) {
  if (text !== undefined) return frames.Frame.fromString(text);
  return frames.Frame.fromRaw(Buffer.from(String(binary), "hex"));
}

/** @param {{type: number, binary: boolean, data: any}} frame */
function describeFrame({ type, binary, data }) {
  if (binary) return { type, binary: data.toString("hex") };
  return { type, text: data };
}

/** @param {{type: number, binary: boolean, data: any}} frame */
function recordPacket({ type, binary, data }) {
  if (type !== frames.Frame.types.MESSAGE || binary) return {};
  try {
    const { attachments, nsp, id, ...packet } = packets.Packet.fromString(data);
    return {
      packet: { type: packet.type, attachments, nsp, id, data: packet.data },
    };
  } catch (error) {
    return { error: { at: "packet", ...describe(error) } };
  }
}
