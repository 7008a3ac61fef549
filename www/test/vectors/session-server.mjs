// @ts-check
//
// The cases of session.json in which bsock is the server.

/** @type {import("./session.mjs").SessionCase[]} */
export const serverCases = [
  {
    name: "an event reaches its binding",
    bind: ["a"],
    steps: [{ text: '42["a",1,{"b":[2]}]' }],
  },
  {
    name: "an event without a binding is dropped",
    steps: [{ text: '42["a"]' }],
  },
  {
    name: "an event for a hook is dropped",
    hook: ["echo"],
    steps: [{ text: '42["echo",1]' }],
  },
  {
    name: "an event's own null",
    bind: ["a"],
    steps: [{ text: '42["a",null]' }],
  },
  {
    name: "an event with unicode",
    bind: ["größe 雪 🚀"],
    steps: [{ text: '42["größe 雪 🚀","é"]' }],
  },
  {
    name: "an event with an escaped name",
    bind: ["größe"],
    steps: [{ text: '42["gr\\u00f6\\u00dfe"]' }],
  },
  {
    name: "an event in another namespace is delivered all the same",
    bind: ["a"],
    steps: [{ text: '42/chat,["a"]' }],
  },
  {
    name: "an event with a name of Object.prototype",
    bind: ["toString"],
    steps: [{ text: '42["toString"]' }],
  },
  { name: "an event named __proto__", steps: [{ text: '42["__proto__"]' }] },

  {
    name: "a call is answered by its hook",
    hook: ["echo"],
    steps: [{ text: '420["echo",1,"two"]' }],
  },
  {
    name: "a call whose hook returns nothing",
    hook: ["nothing"],
    steps: [{ text: '421["nothing"]' }],
  },
  {
    name: "a call whose hook throws",
    hook: ["fail"],
    steps: [{ text: '422["fail","broken"]' }],
  },
  { name: "a call without a hook", steps: [{ text: '423["missing"]' }] },
  { name: "a call for a binding", bind: ["a"], steps: [{ text: '424["a"]' }] },
  {
    name: "a call in another namespace is answered in /",
    hook: ["echo"],
    steps: [{ text: '42/chat,5["echo"]' }],
  },
  {
    name: "two calls of one id",
    hook: ["echo"],
    steps: [{ text: '425["echo",1]' }, { text: '425["echo",2]' }],
  },
  {
    name: "a call with an attachment",
    hook: ["first"],
    steps: [
      { text: '451-6["first",{"_placeholder":true,"num":0}]' },
      { binary: "0400ff" },
    ],
  },

  {
    name: "a reserved event",
    steps: [
      { text: '42["connect"]' },
      { text: '42["error","x"]' },
      { text: '42["ping"]' },
    ],
  },
  { name: "a reserved call", steps: [{ text: '427["disconnect"]' }] },
  {
    name: "arguments that are no array",
    steps: [{ text: '42{"a":1}' }, { text: '42"a"' }, { text: "42null" }],
  },
  {
    name: "arguments that are none",
    steps: [{ text: "42[]" }, { text: "42" }, { text: "427[]" }],
  },
  {
    name: "an event that is no string",
    steps: [
      { text: "42[1]" },
      { text: '42[null,"a"]' },
      { text: '427[["a"]]' },
    ],
  },
  {
    name: "arguments that are not JSON",
    bind: ["a"],
    steps: [{ text: '42["a"' }, { text: '42["a"]x' }, { text: '42["a"]' }],
  },
  {
    name: "a call with arguments that are no array",
    steps: [{ text: '427{"a":1}' }],
  },

  {
    name: "an attachment",
    bind: ["b"],
    steps: [
      { text: '451-["b",{"_placeholder":true,"num":0},1]' },
      { binary: "0400ff" },
    ],
  },
  {
    name: "an attachment as base64",
    bind: ["b"],
    steps: [
      { text: '451-["b",{"_placeholder":true,"num":0}]' },
      { text: "b4AP8=" },
    ],
  },
  {
    name: "an empty attachment",
    bind: ["b"],
    steps: [
      { text: '451-["b",{"_placeholder":true,"num":0}]' },
      { binary: "04" },
    ],
  },
  {
    name: "attachments out of order and twice",
    bind: ["b"],
    steps: [
      {
        text: '452-["b",{"x":{"_placeholder":true,"num":1}},{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]',
      },
      { binary: "0401" },
      { binary: "0402" },
    ],
  },
  {
    name: "an attachment that nothing refers to",
    bind: ["b"],
    steps: [{ text: '451-["b"]' }, { binary: "0401" }],
  },
  {
    name: "a placeholder beyond the attachments stays as it is",
    bind: ["b"],
    steps: [
      { text: '451-["b",{"_placeholder":true,"num":5}]' },
      { binary: "0401" },
    ],
  },
  {
    name: "a placeholder without attachments stays as it is",
    bind: ["b"],
    steps: [{ text: '42["b",{"_placeholder":true,"num":0}]' }],
  },
  {
    name: "a placeholder that is none stays as it is",
    bind: ["b"],
    steps: [
      {
        text: '451-["b",{"_placeholder":1,"num":0},{"_placeholder":true,"num":"0"},{"_placeholder":true,"num":-1}]',
      },
      { binary: "0401" },
    ],
  },
  {
    name: "a binary event of no attachment",
    bind: ["b"],
    steps: [{ text: '450-["b",1]' }],
  },
  {
    name: "text where an attachment is due",
    bind: ["b", "a"],
    steps: [
      { text: '451-["b",{"_placeholder":true,"num":0}]' },
      { text: '42["a"]' },
      { binary: "0401" },
      { text: '42["a"]' },
    ],
  },
  {
    name: "a ping between attachments",
    bind: ["b"],
    steps: [
      { text: '451-["b",{"_placeholder":true,"num":0}]' },
      { text: "2" },
      { binary: "0401" },
    ],
  },
  {
    name: "an attachment that nobody announced",
    bind: ["a"],
    steps: [{ binary: "0401" }, { text: '42["a"]' }],
  },

  {
    name: "ping",
    steps: [{ text: "2" }, { text: "2probe" }, { binary: "02" }],
  },
  { name: "pong to a server", steps: [{ text: "3" }, { text: "2" }] },
  { name: "open to a server", steps: [{ text: "0{}" }, { text: "2" }] },
  { name: "close to a server", steps: [{ text: "1" }, { text: "2" }] },
  { name: "upgrade to a server", steps: [{ text: "5" }, { text: "2" }] },
  { name: "noop to a server", steps: [{ text: "6" }] },
  { name: "connect to a server", steps: [{ text: "40" }, { text: "2" }] },
  { name: "disconnect to a server", steps: [{ text: "41" }] },
  {
    name: "error to a server",
    steps: [
      { text: '44{"message":"m","name":"E","type":"T","code":7}' },
      { text: "2" },
    ],
  },
  {
    name: "an unknown frame",
    bind: ["a"],
    steps: [
      { text: "7" },
      { text: "x" },
      { text: "" },
      { binary: "" },
      { text: '42["a"]' },
    ],
  },
  {
    name: "an unknown packet",
    bind: ["a"],
    steps: [{ text: "47" }, { text: "4" }, { text: "4x" }, { text: '42["a"]' }],
  },

  {
    name: "a server's handshake",
    raw: true,
    steps: [{ open: true }, { text: "2" }],
  },
  {
    name: "a server calls its client",
    steps: [{ call: ["block rescan", { $hex: "00" }] }, { text: "430[null]" }],
  },
  {
    name: "a server fires",
    steps: [{ fire: ["block connect", { $hex: "00" }] }],
  },
];
