import assert from "node:assert/strict";
import { test } from "node:test";

import { phaseOf } from "./phase.js";

/** @type {import("./plugins/connection.js").Connection} */
const asked = {
  stage: "asked",
  url: "",
  fault: "",
  reached: false,
  closed: "",
};

/** @type {import("bsock-wasm").SocketState} */
const socket = {
  status: "disconnected",
  since: 0,
  attempt: 0,
  retryAt: 0,
  error: null,
  latency: null,
  queued: 0,
};

/** @param {string} code */
const failing = (code) => ({ name: "Error", message: "m", code });

test("before it was asked, the page alone knows", () => {
  for (const stage of /** @type {const} */ (["idle", "loading", "broken"]))
    assert.equal(phaseOf({ ...asked, stage }, socket), stage);
});

/** @type {[import("./phase.js").Phase, Partial<typeof asked>, Partial<typeof socket>][]} */
const phases = [
  ["connecting", {}, { status: "connecting", attempt: 1 }],
  ["unreached", {}, { status: "reconnecting", attempt: 2, retryAt: 9 }],
  ["unreached", {}, { status: "connecting", attempt: 2 }],
  ["connected", { reached: true }, { status: "connected" }],
  ["lost", { reached: true }, { status: "reconnecting", attempt: 1 }],
  ["lost", { reached: true }, { status: "connecting", attempt: 1 }],
  ["ended", {}, { status: "failed", error: failing("CONNECT_FAILED") }],
  ["refused", {}, { status: "failed", error: failing("AUTH_FAILED") }],
  ["refused", {}, { status: "reconnecting", error: failing("AUTH_FAILED") }],
  ["disconnected", { reached: true }, { error: failing("TIMEOUT") }],
  ["crashed", { reached: true }, { error: failing("MODULE_CRASHED") }],
];

for (const [phase, connection, state] of phases)
  test(`${phase} ${JSON.stringify(state)}`, () =>
    assert.equal(
      phaseOf({ ...asked, ...connection }, { ...socket, ...state }),
      phase,
    ));
