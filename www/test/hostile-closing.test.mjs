// @ts-check
//
// WebSockets that end in every way there is, break, or never come to be.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { Siege } from "./hostile/siege.mjs";

const siege = new Siege();
before(() => siege.open());
afterEach(() => siege.lift());
after(() => siege.close());

/**
 * @param {string} what the server does
 * @param {import("./hostile/siege.mjs").Attack} attack
 * @param {(report: any) => void} check
 */
function besiege(what, attack, check) {
  test(what, async (t) => check(await siege.attack(t, attack)));
}

// What a browser makes of a code that may not be sent is its own affair; the
// store is told something, and a retry follows.
const codes = [
  undefined,
  ...[0, 999, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1011],
  ...[1013, 1015, 1016, 2999, 3000, 4000, 4999, 5000, 65535],
];

besiege(
  "closing with every code there is, and those there are not",
  {
    onPeer: async (peer, nth) => {
      await peer.welcome();
      if (nth < codes.length) peer.close(codes[nth], nth % 2 ? "why" : "");
      else peer.text('42["event","last"]');
    },
    until: 'await witness.until("EVENT")',
  },
  (report) => {
    assert.equal(report.closings.length, codes.length);
    assert.ok(report.closings.every(({ willRetry }) => willRetry));
    assert.equal(report.counts.SOCKET_CONNECTED, codes.length + 1);
    const kept = [1000, 1001, 1003, 1007, 1008, 1009, 1011, 1013, 3000, 4999];
    const told = report.closings.map(({ code }) => code);
    for (const code of kept) assert.equal(told[codes.indexOf(code)], code);
    for (const { message } of report.errors)
      assert.notEqual(message, "", "no error is without words");
  },
);

/** @type {[what: string, bytes: Buffer][]} */
const broken = [
  ["half a letter", text(0x34, 0x32, 0xe2, 0x82)],
  ["a surrogate in UTF-8", text(0x34, 0xed, 0xa0, 0x80)],
  ["a letter that is too long", text(0xc0, 0x80)],
  ["a reason that is no text", Buffer.of(0x88, 4, 3, 0xe8, 0xff, 0xfe)],
  ["half a code", Buffer.of(0x88, 1, 3)],
  ["reserved bits", Buffer.of(0xf1, 0)],
  ["an unknown opcode", Buffer.of(0x83, 0)],
  ["a continuation of nothing", Buffer.of(0x80, 0)],
  ["a mask", Buffer.of(0x81, 0x81, 1, 2, 3, 4, 5)],
  ["a length of 2^63", Buffer.of(0x81, 127, 0x80, 0, 0, 0, 0, 0, 0, 0)],
  ["a ping in two", Buffer.of(0x09, 1, 0)],
];

/** @param {number[]} bytes of a text that is none */
function text(...bytes) {
  return Buffer.of(0x81, bytes.length, ...bytes);
}

besiege(
  `frames with ${broken.map(([what]) => what).join(", ")}`,
  {
    onPeer: async (peer, nth) => {
      await peer.welcome();
      if (nth < broken.length) peer.raw(broken[nth][1]);
      else peer.text('42["event","last"]');
    },
    until: 'await witness.until("EVENT")',
  },
  (report) => {
    assert.equal(report.closings.length, broken.length);
    assert.ok(report.closings.every(({ willRetry }) => willRetry));
    assert.equal(report.errors.length, broken.length, "each is named");
    for (const error of report.errors) assert.match(error, /Websocket Closed/);
  },
);

/** @type {[what: string, answer: string][]} */
const refusals = [
  ["an error of its own", "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"],
  ["a page", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"],
  [
    "a redirection",
    "HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
  ],
  ["what is no HTTP", "\0\0\0\0 hello\r\n\r\n"],
  [
    "a wrong proof",
    "HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n",
  ],
  ["nothing", ""],
];

let refused = 0;
besiege(
  `requests answered with ${refusals.map(([what]) => what).join(", ")}`,
  {
    refuse: (socket) =>
      void socket.end(refusals[refused++ % refusals.length][1]),
    until: `await witness.until("SOCKET_ERROR", ${refusals.length})`,
  },
  (report) => {
    for (const error of report.errors)
      assert.match(error, /^CONNECT_FAILED: Could not connect/);
  },
);

besiege(
  "a request whose answer never ends",
  {
    refuse: (socket) => {
      socket.write("HTTP/1.1 101 Switching Protocols\r\n");
      const drip = setInterval(() => socket.write("X: y\r\n"), 10);
      socket.on("close", () => clearInterval(drip));
    },
    options: { connectTimeout: 300 },
    until: 'await witness.until("SOCKET_ERROR", 2)',
  },
  (report) =>
    assert.match(report.errors[0], /^CONNECT_TIMEOUT: Timed out waiting/),
);
