// @ts-check
//
// Servers that break every rule, one at a time: the error is named, the store
// hears of it, nothing else does, and a good server is welcome afterwards.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { Siege } from "./hostile/siege.mjs";

const siege = new Siege();
before(() => siege.open());
afterEach(() => siege.lift());
after(() => siege.close());

/**
 * Waits for an answer that shows that all before it has been read.
 *
 * @param {import("./hostile/raw-server.mjs").Peer} peer
 * @param {readonly (string | Uint8Array)[]} texts
 */
async function say(peer, texts) {
  await peer.welcome();
  for (const text of texts) peer.text(text);
  peer.text('42["event","last"]');
}

const untilLast = 'await witness.untilLast("last")';

/**
 * @param {string} what the server does
 * @param {import("./hostile/siege.mjs").Attack} attack
 * @param {(report: any) => void} check
 */
function besiege(what, attack, check) {
  test(what, async (t) => check(await siege.attack(t, attack)));
}

/**
 * @param {string} what
 * @param {readonly (string | Uint8Array)[]} texts
 * @param {readonly string[]} errors
 */
function besiegeBy(what, texts, errors) {
  besiege(
    what,
    { onPeer: (peer) => say(peer, texts), until: untilLast },
    (report) => {
      assert.deepEqual(report.errors, errors);
      assert.equal(report.closings.length, 0, "the connection lives on");
    },
  );
}

const times = (/** @type {number} */ n, /** @type {string} */ text) =>
  Array(n).fill(text);

besiegeBy(
  "frames that are none",
  [
    "",
    "9",
    "x",
    "4",
    "49",
    "42",
    "42[",
    "42{}",
    "42[1]",
    "421e9[]",
    "b",
    "b4!",
  ],
  [
    "Empty frame.",
    "Unknown frame type '9'.",
    "Unknown frame type 'x'.",
    "Empty packet.",
    "Unknown packet type '9'.",
    "'args' must be a(n) array.",
    "Packet is not valid JSON.",
    "'args' must be a(n) array.",
    "'event' must be a(n) string.",
    "'args' must be a(n) array.",
    "Empty frame.",
    "Binary frame is not valid base64.",
  ],
);

besiegeBy(
  "two greetings, two welcomes",
  ['0{"sid":"2","pingInterval":1,"pingTimeout":1}', "40", "0", "40/,"],
  [
    "Duplicate open frame.",
    "Duplicate connect packet.",
    "Duplicate open frame.",
    "Duplicate connect packet.",
  ],
);

besiegeBy(
  "errors of all shapes",
  [
    '44"a text"',
    '44{"message":"m","code":"c"}',
    '44{"code":7}',
    "44{}",
    "44[]",
    "44",
    "44null",
    "44{",
    '44{"message":{"message":"m"},"code":[]}',
  ],
  [
    "undefined: a text",
    "c: m",
    "7: No message.",
    "undefined: No message.",
    "undefined: No message.",
    "'error' must be a(n) object.",
    "'error' must be a(n) object.",
    "Packet is not valid JSON.",
    "undefined: No message.",
  ],
);

const evil = '{"polluted":1,"prototype":{"polluted":1}}';

besiegeBy(
  "keys that are not only keys, in errors",
  [
    `44{"__proto__":${evil},"constructor":${evil},"message":"a"}`,
    '44{"message":"b","name":"__proto__","type":"constructor","code":"__proto__"}',
  ],
  ["undefined: a", "__proto__: b"],
);

besiege(
  "keys that are not only keys, in events",
  {
    onPeer: async (peer) => {
      await peer.welcome();
      peer.text(`42["event",{"__proto__":${evil},"constructor":${evil}}]`);
      peer.text(
        '451-["event",{"__proto__":{"_placeholder":true,"num":0},"a":1}]',
      );
      peer.frame(2, Buffer.of(4, 7));
      for (const name of ["__proto__", "constructor"])
        peer.text(`42["${name}",{"toString":1,"then":1}]`);
      peer.text('42["hasOwnProperty"]');
      peer.text('42["event","last"]');
    },
    until: 'await witness.until("EVENT", 5)',
  },
  (report) => {
    assert.deepEqual(report.errors, []);
    assert.equal(report.counts.EVENT, 5);
  },
);

besiegeBy(
  "half a surrogate pair",
  ['42["\\ud800","\\udfff\\ud800"]', '42["\\ud83d\\ude00"]', '44"\\ud800"'],
  ["undefined: �"],
);

besiegeBy(
  "attachments by the billion",
  ['452147483648-["event"]', '4599999999999-["event"]', '45-["event"]'],
  [
    "Packet with 2147483648 attachments, above the limit of 65536.",
    "Number with more than 10 digits.",
    "Binary packet without a number of attachments.",
  ],
);

besiege(
  "attachments that never come",
  {
    onPeer: async (peer, nth) => {
      await peer.welcome({ pingInterval: 300, pingTimeout: 300 });
      if (nth > 0) return peer.text('42["event","last"]');
      peer.text('4565536-["event"]');
      for (let i = 0; i < 1000; i++) peer.frame(2, Buffer.of(4));
      peer.text('42["event","deaf"]');
    },
    until: untilLast,
  },
  (report) => {
    assert.deepEqual(report.errors, [
      "Received non-binary frame as attachment.",
      "Packet's attachments do not come.",
    ]);
    assert.deepEqual(report.closings, [
      {
        code: 1006,
        reason: "Packet's attachments do not come.",
        willRetry: true,
      },
    ]);
  },
);

besiege(
  "everything before the greeting",
  {
    onPeer: async (peer) => {
      for (const text of ["40", '42["event"]', "430[null]", "3", "41", "44{}"])
        peer.text(text);
      peer.frame(2, Buffer.of(4, 1));
      await say(peer, []);
    },
    until: untilLast,
  },
  (report) => {
    assert.ok(report.errors.length >= 5, report.errors.join("; "));
    assert.match(report.errors[0], /Connect packet before the open frame/);
    assert.equal(report.closings.length, 0);
  },
);

besiege(
  "silence at the beginning",
  {
    onPeer: () => {},
    options: { connectTimeout: 200 },
    until: 'await witness.until("SOCKET_ERROR", 3)',
  },
  (report) =>
    assert.match(report.errors[0], /^CONNECT_TIMEOUT: Timed out waiting/),
);

besiege(
  "a greeting and no welcome",
  {
    onPeer: (peer) => peer.text('0{"pingInterval":1,"pingTimeout":1}'),
    options: { connectTimeout: 200 },
    until: 'await witness.until("SOCKET_ERROR", 3)',
  },
  (report) =>
    assert.match(report.errors[0], /^CONNECT_TIMEOUT: Timed out waiting/),
);

besiege(
  "silence when asked for a key",
  {
    onPeer: (peer) => {
      peer.text('0{"pingInterval":25000,"pingTimeout":60000}');
      peer.text("40");
    },
    options: { authTimeout: 200 },
    until: 'await witness.until("SOCKET_CLOSED", 2)',
  },
  (report) => {
    assert.match(report.errors[0], /^AUTH_\w+: /);
    assert.equal(report.counts.SOCKET_CONNECTED, undefined);
  },
);

/** @type {[what: string, answer: (id: string) => string[], error: RegExp, told: string[]][]} */
const answers = [
  ["never", () => [], /timed out/, []],
  [
    "with another's id",
    () => ["4377[null,1]", "434294967295[null]", "434294967296[null]"],
    /timed out/,
    [
      "Job not found for 77.",
      "Job not found for 4294967295.",
      "Number above 2^32-1.",
    ],
  ],
  [
    "with what is no answer",
    (id) => [`43[null]`, `43${id}{}`, `43${id}["no"]`, `43${id}[7]`],
    /timed out/,
    [
      "'id' must be a(n) uint32.",
      "'args' must be a(n) array.",
      "'error' must be a(n) object.",
      "'error' must be a(n) object.",
    ],
  ],
  [
    "with JSON that is none",
    (id) => [`43${id}[null,{]`],
    /Packet is not valid JSON/,
    [],
  ],
  [
    "with an error of strange fields",
    (id) => [
      `43${id}[{"message":1,"__proto__":${evil},"code":"__proto__","name":"toString","type":"constructor"}]`,
    ],
    /No message\./,
    [],
  ],
];
for (const [how, answer, error, told] of answers)
  besiege(
    `an answer ${how}`,
    {
      onPeer: (peer) => {
        peer.onText = (text) => {
          const id = text.match(/^42(\d+)\["ask"/)?.[1];
          if (id) for (const each of answer(id)) peer.text(each);
        };
        peer.welcome();
      },
      until: `await witness.until("SOCKET_CONNECTED");
        await witness.call("ask", 300);`,
    },
    (report) => {
      const own = report.errors.at(-1);
      assert.match(String(own), error);
      assert.deepEqual(report.errors.slice(0, -1), told);
    },
  );

besiege(
  "an answer twice",
  {
    onPeer: (peer) => {
      peer.onText = (text) => {
        const id = text.match(/^42(\d+)\["ask"/)?.[1];
        if (id) for (const n of [1, 2, 3]) peer.text(`43${id}[null,${n}]`);
      };
      peer.welcome();
    },
    until: `await witness.until("SOCKET_CONNECTED");
      const { answer, answers } = await witness.call("ask");
      witness.counts.answer = answer; witness.counts.answers = answers;`,
  },
  (report) => {
    assert.equal(report.counts.answer, 1);
    assert.equal(report.counts.answers, 1, "the caller is told once");
    assert.deepEqual(report.errors, [
      "Job not found for 1.",
      "Job not found for 1.",
    ]);
  },
);

besiege(
  "a storm of pings, and pongs that nobody asked for",
  {
    onPeer: (peer) => {
      for (let i = 0; i < 2000; i++) peer.frame(9, "ping");
      return say(peer, [...times(2000, "2"), ...times(2000, "3")]);
    },
    until: untilLast,
  },
  (report) => {
    assert.equal(report.counts.SOCKET_ERROR, 2000);
    assert.match(report.errors[0], /Outbound socket sent a ping frame/);
  },
);
