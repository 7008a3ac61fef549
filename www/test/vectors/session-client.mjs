// @ts-check
//
// The cases of session.json in which bsock is the client.

const hello =
  '0{"sid":"0","upgrades":[],"pingInterval":25000,"pingTimeout":60000}';

/** @type {import("./session.mjs").SessionCase[]} */
export const clientCases = [
  {
    name: "a client's handshake",
    raw: true,
    steps: [{ text: hello }, { text: "40" }],
  },
  { name: "connect before open", raw: true, steps: [{ text: "40" }] },
  { name: "open twice", steps: [{ text: hello }] },
  {
    name: "open that is not JSON",
    raw: true,
    steps: [{ text: "0{" }, { text: "0" }],
  },
  {
    name: "open that is no object",
    raw: true,
    steps: [{ text: "0null" }, { text: "01" }, { text: "0[]" }],
  },
  {
    name: "open with a bad interval",
    raw: true,
    steps: [
      { text: '0{"pingTimeout":1}' },
      { text: '0{"pingInterval":-1,"pingTimeout":1}' },
      { text: '0{"pingInterval":"1","pingTimeout":1}' },
      { text: '0{"pingInterval":4294967296,"pingTimeout":1}' },
      { text: '0{"pingInterval":1.5,"pingTimeout":1}' },
    ],
  },
  {
    name: "open with a bad timeout",
    raw: true,
    steps: [
      { text: '0{"pingInterval":1}' },
      { text: '0{"pingInterval":1,"pingTimeout":null}' },
    ],
  },
  {
    name: "open with two numbers and no more",
    raw: true,
    steps: [{ text: '0{"pingInterval":0,"pingTimeout":4294967295}' }],
  },
  { name: "open as base64", raw: true, steps: [{ text: "b0e30=" }] },
  {
    name: "an event before connect",
    raw: true,
    bind: ["a"],
    steps: [{ text: hello }, { text: '42["a"]' }],
  },
  {
    name: "what is sent before connect waits",
    raw: true,
    steps: [{ fire: ["a"] }, { call: ["b"] }, { text: hello }, { text: "40" }],
  },
  { name: "connect twice", steps: [{ text: "40" }] },

  {
    name: "an ack answers its call",
    steps: [{ call: ["a"] }, { text: '430[null,{"height":1}]' }],
  },
  {
    name: "acks in any order",
    steps: [
      { call: ["a"] },
      { call: ["b"] },
      { text: "431[null,1]" },
      { text: "430[null,0]" },
    ],
  },
  { name: "an ack of nothing", steps: [{ call: ["a"] }, { text: "430[]" }] },
  {
    name: "an ack of null alone",
    steps: [{ call: ["a"] }, { text: "430[null]" }],
  },
  { name: "an ack without data", steps: [{ call: ["a"] }, { text: "430" }] },
  {
    name: "an ack that is null",
    steps: [{ call: ["a"] }, { text: "430null" }],
  },
  {
    name: "an ack of two results",
    steps: [{ call: ["a"] }, { text: "430[null,1,2]" }],
  },
  {
    name: "an ack with an attachment",
    steps: [
      { call: ["a"] },
      { text: '461-0[null,{"_placeholder":true,"num":0}]' },
      { binary: "04ff" },
    ],
  },
  {
    name: "an ack in another namespace",
    steps: [{ call: ["a"] }, { text: "43/chat,0[null,1]" }],
  },
  {
    name: "an error ack rejects its call",
    steps: [
      { call: ["a"] },
      {
        text: '430[{"message":"m","name":"TypeError","type":"T","code":"E_X"}]',
      },
    ],
  },
  {
    name: "an error ack without fields",
    steps: [{ call: ["a"] }, { text: "430[{}]" }],
  },
  {
    name: "an error ack with fields of wrong types",
    steps: [
      { call: ["a"] },
      { text: '430[{"message":1,"name":2,"type":3,"code":{}}]' },
    ],
  },
  {
    name: "an error ack beside a result",
    steps: [{ call: ["a"] }, { text: '430[{"message":"m"},1]' }],
  },
  {
    name: "an error ack with an array as its error",
    steps: [{ call: ["a"] }, { text: "430[[1]]" }],
  },
  {
    name: "an ack whose error is a string",
    steps: [{ call: ["a"] }, { text: '430["m"]' }, { text: "430[null,1]" }],
  },
  {
    name: "an ack whose error is true",
    steps: [{ call: ["a"] }, { text: "430[true,1]" }],
  },
  {
    name: "an ack whose error is falsy",
    steps: [{ call: ["a"] }, { text: "430[0,1]" }],
  },
  {
    name: "an ack whose error is an empty string",
    steps: [{ call: ["a"] }, { text: '430["",1]' }],
  },
  {
    name: "an ack without an id",
    steps: [{ call: ["a"] }, { text: "43[null,1]" }, { text: "430[null,2]" }],
  },
  { name: "an ack for no call", steps: [{ text: "437[null,1]" }] },
  {
    name: "an error ack for no call",
    steps: [{ text: '437[{"message":"m"}]' }],
  },
  {
    name: "an ack twice",
    steps: [{ call: ["a"] }, { text: "430[null,1]" }, { text: "430[null,2]" }],
  },
  {
    name: "an ack that is no array",
    steps: [{ call: ["a"] }, { text: "430{}" }, { text: "430[null,1]" }],
  },
  {
    name: "an ack that is not JSON",
    steps: [{ call: ["a"] }, { text: "430[null" }, { text: "430[null,1]" }],
  },

  {
    name: "an error packet",
    steps: [{ text: '44{"message":"m","name":"E","type":"T","code":7}' }],
  },
  { name: "an error packet without fields", steps: [{ text: "44{}" }] },
  {
    name: "an error packet that is a string",
    steps: [{ text: '44"not authorized"' }],
  },
  { name: "an error packet without data", steps: [{ text: "44" }] },
  { name: "an error packet that is an array", steps: [{ text: "44[]" }] },

  {
    name: "a client is called",
    hook: ["echo"],
    steps: [{ text: '420["echo",1]' }],
  },
  {
    name: "a client is called for what it has not",
    steps: [{ text: '420["block rescan"]' }],
  },
  {
    name: "a client answers with an attachment",
    hook: ["first"],
    steps: [
      { text: '451-9["first",{"_placeholder":true,"num":0}]' },
      { binary: "0400" },
    ],
  },

  { name: "ping to a client", steps: [{ text: "2" }] },
  { name: "a pong that nobody asked for", steps: [{ text: "3" }] },
  { name: "close to a client", steps: [{ text: "1" }] },
  {
    name: "close rejects the calls that wait",
    steps: [{ call: ["a"] }, { text: "1" }],
  },
  { name: "disconnect to a client", steps: [{ text: "41" }] },
  { name: "upgrade to a client", steps: [{ text: "5" }] },
  { name: "noop to a client", steps: [{ text: "6" }] },
];
