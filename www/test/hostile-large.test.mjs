// @ts-check
//
// Servers that send too much: floods of events, texts of a hundred megabytes that
// are brackets or names, greetings without an end. The page stays alive, its
// memory is bounded, and nothing that is in order gets lost.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { Siege } from "./hostile/siege.mjs";

const siege = new Siege();
before(() => siege.open());
afterEach(() => siege.lift());
after(() => siege.close());

/** bsock's bound of a frame, less what is in front of it here. */
const LARGE = 99_000_000;

/** What a page may grow by, in MB, before the browser has come to collecting. */
const GARBAGE = 250;

test("100,000 events at once", async (t) => {
  const report = await siege.attack(t, {
    onPeer: async (peer) => {
      await peer.welcome();
      const events = Array.from({ length: 100_000 }, (_, n) => event(n));
      await peer.raw(Buffer.concat(events));
    },
    until: 'await witness.until("EVENT", 100_000)',
    memory: GARBAGE,
  });
  assert.equal(report.counts.EVENT, 100_000, "each comes once");
  assert.equal(report.jumps, 0, "and in order");
  assert.deepEqual(report.errors, []);
});

test("events for ten seconds, as fast as they are read", async (t) => {
  const enough = Date.now() + 10_000;
  let sent = 0;
  const report = await siege.attack(t, {
    onPeer: async (peer) => {
      await peer.welcome();
      while (Date.now() < enough && !peer.gone) {
        const events = Array.from({ length: 1000 }, () => event(sent++));
        await peer.raw(Buffer.concat(events));
      }
      await peer.text('42["event","last"]');
    },
    until:
      'while (witness.last?.[0] !== "last") await new Promise((r) => setTimeout(r, 100))',
    memory: GARBAGE,
  });
  t.diagnostic(`${sent} events`);
  assert.equal(report.counts.EVENT, sent + 1, "each comes once");
  assert.equal(report.jumps, 0, "and in order");
  assert.deepEqual(report.errors, []);
});

test("20,000 malformed events at once", async (t) => {
  const report = await siege.attack(t, {
    onPeer: async (peer) => {
      await peer.welcome();
      await peer.raw(Buffer.concat(Array(20_000).fill(frame('42["event",{]'))));
      await peer.text('42["event","last"]');
    },
    until: 'await witness.until("EVENT")',
    memory: GARBAGE,
  });
  assert.equal(report.counts.SOCKET_ERROR, 20_000, "each is told");
  assert.match(report.errors[0], /Packet is not valid JSON/);
});

/** @param {number} n */
function event(n) {
  return frame(`42["event",${n},"${"x".repeat(40)}"]`);
}

/** @param {string} text of less than 126 bytes */
function frame(text) {
  return Buffer.concat([Buffer.of(0x81, text.length), Buffer.from(text)]);
}

/** A size that hurts less, where more of the same would show no more. */
const SMALLER = 20_000_000;

/** @type {[what: string, text: () => Buffer, error: RegExp][]} */
const texts = [
  [
    "brackets that open",
    () => fill('42["event",', "[", LARGE),
    /not valid JSON/,
  ],
  [
    "brackets that open and close",
    () =>
      Buffer.concat([
        fill('42["event",', "[", SMALLER / 2),
        fill("", "]", SMALLER / 2),
        Buffer.from("]"),
      ]),
    /not valid JSON/,
  ],
  [
    "brackets behind a long text",
    () =>
      Buffer.concat([
        fill('42["event","', "x", LARGE / 2),
        fill('",', "[", LARGE / 2),
      ]),
    /not valid JSON/,
  ],
  ["empty arrays", () => fill('42["event",[]', ",[]", LARGE), /not valid JSON/],
  [
    "objects in objects",
    () => fill('42["event",', '{"":', SMALLER),
    /not valid/,
  ],
  ["a name", () => fill('42["', "x", LARGE), /head of more than 65536 bytes/],
  ["a namespace", () => fill("42/", "x", SMALLER), /head of more than 65536/],
  ["white space", () => fill("42", " ", SMALLER), /head of more than 65536/],
  ["a number", () => fill("42", "1", SMALLER), /more than 10 digits/],
  ["an error", () => fill('44{"message":"', "x", SMALLER), /head of more than/],
  ["an answer's error", () => fill('430[{"a":"', "x", SMALLER), /head of more/],
  ["a second greeting", () => fill("0{", " ", SMALLER), /Duplicate open frame/],
  ["more than a frame may be", () => fill('42["', "x", 110e6), /too large/],
];
for (const [what, text, error] of texts)
  test(`a text of many megabytes: ${what}`, async (t) => {
    const report = await siege.attack(t, {
      onPeer: async (peer) => {
        await peer.welcome();
        await peer.text(text());
        await peer.text('42["event","last"]');
      },
      until: 'await witness.until("EVENT")',
      memory: 600, // the text is in the page when the page learns of it
    });
    assert.equal(report.errors.length, 1);
    assert.match(report.errors[0], error);
    assert.equal(report.closings.length, 0, "the connection lives on");
  });

/**
 * @param {string} begin
 * @param {string} filling
 * @param {number} size of the filling, in bytes
 */
function fill(begin, filling, size) {
  return Buffer.concat([Buffer.from(begin), Buffer.alloc(size, filling)]);
}

test("an attachment of a hundred megabytes, and one of more", async (t) => {
  const report = await siege.attack(t, {
    onPeer: async (peer) => {
      await peer.welcome();
      for (const size of [99e6, 110e6]) {
        peer.text('451-["event",{"_placeholder":true,"num":0}]');
        await peer.frame(2, Buffer.alloc(size, 4));
      }
      await peer.text('42["event","last"]');
    },
    until: 'await witness.until("EVENT", 2)',
    memory: 900, // the second is on its way while the first is there
  });
  assert.deepEqual(report.errors, ["Frame too large."]);
});

test("a greeting of a hundred megabytes", async (t) => {
  const report = await siege.attack(t, {
    onPeer: async (peer, nth) => {
      if (nth === 0) await peer.text(fill('0{"sid":"', "x", LARGE));
      await peer.welcome();
      await peer.text('42["event","last"]');
    },
    options: { connectTimeout: 20_000 },
    until: 'await witness.until("EVENT")',
    memory: 600,
  });
  assert.match(report.errors[0], /head of more than 65536 bytes/);
});

test("a greeting that never ends", async (t) => {
  const report = await siege.attack(t, {
    onPeer: async (peer, nth) => {
      if (nth > 0) return peer.welcome();
      const piece = Buffer.alloc(1 << 16, " ");
      await peer.frame(1, "0{", false);
      while (!peer.gone) {
        await peer.frame(0, piece, false);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    options: { connectTimeout: 2000 },
    until: 'await witness.until("SOCKET_CONNECTED")',
    memory: GARBAGE,
  });
  assert.match(report.errors[0], /^CONNECT_TIMEOUT: Timed out waiting/);
});

test("a message that never ends, once connected", async (t) => {
  const report = await siege.attack(t, {
    onPeer: async (peer, nth) => {
      await peer.welcome({ pingInterval: 500, pingTimeout: 1000 });
      if (nth > 0) return peer.text('42["event","last"]');
      peer.answers = false; // nothing may come in between
      const piece = Buffer.alloc(1 << 16, " ");
      await peer.frame(1, '42["event",', false);
      while (!peer.gone) {
        await peer.frame(0, piece, false);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    until: 'await witness.until("EVENT")',
    memory: GARBAGE,
  });
  assert.match(report.errors[0], /^STALLED: /);
  assert.equal(report.closings.length, 1);
});
