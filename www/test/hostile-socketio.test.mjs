// @ts-check
//
// Servers of Socket.IO 4 that break its rules.

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

/**
 * Says what a server of Socket.IO 4 says, to a client that has asked to be let
 * in, and then more.
 *
 * @param {import("./hostile/raw-server.mjs").Peer} peer
 * @param {readonly (string | Uint8Array)[]} texts
 */
async function sayToFour(peer, texts) {
  peer.text('0{"sid":"1","pingInterval":25000,"pingTimeout":20000}');
  await peer.until((text) => text.startsWith("40"));
  for (const text of texts) peer.text(text);
}

const four = { protocol: "socket.io@4" };

besiege(
  "a server of Socket.IO 4 that lets nobody in, in all ways",
  {
    onPeer: (peer) => sayToFour(peer, ["40[]", "44{", '44{"data":{}}']),
    fields: four,
    until: 'await witness.until("SOCKET_ERROR", 3)',
  },
  (report) => {
    assert.equal(report.counts.SOCKET_CONNECTED, undefined);
    for (const error of report.errors) assert.notEqual(error, "");
  },
);

besiege(
  "a server that is of Socket.IO 2 after all",
  {
    onPeer: (peer) => sayToFour(peer, ["40"]),
    fields: four,
    until: 'await witness.until("SOCKET_ERROR")',
  },
  (report) => assert.match(report.errors[0], /The server speaks Socket.IO 2/),
);

besiege(
  "what a server of Socket.IO 4 may not say",
  {
    onPeer: async (peer) => {
      await sayToFour(peer, [
        '40{"sid":"1"}',
        "b!",
        '42["connect_error"]',
        '42/no,["event"]',
        '40{"sid":"2"}',
        '44{"message":"late"}',
        "0{}",
        "7",
      ]);
      peer.frame(2, Buffer.of(1, 2, 3));
      for (let i = 0; i < 2000; i++) peer.text("2");
      peer.text('42["event","last"]');
    },
    fields: four,
    until: 'await witness.until("EVENT")',
  },
  (report) => {
    assert.ok(report.errors.length >= 6, report.errors.join("; "));
    assert.equal(report.closings.length, 0, "the connection lives on");
  },
);
