// @ts-check
//
// What npm's bsock does with what it receives: what it tells the application,
// what it sends back, what it reports and what it survives.

import { serverCases } from "./session-server.mjs";
import { clientCases } from "./session-client.mjs";
import { Peer } from "./peer.mjs";
import { untag } from "./values.mjs";

/**
 * A step is one thing that happens to this end: its WebSocket opens, a frame
 * comes in, the application calls or fires.
 *
 * @typedef {object} Step
 * @property {boolean} [open]
 * @property {string} [text]
 * @property {string} [binary]
 * @property {unknown[]} [call] tagged
 * @property {unknown[]} [fire] tagged
 *
 * @typedef {object} SessionCase
 * @property {string} name
 * @property {boolean} [raw] the handshake is a part of the case, not before it
 * @property {string[]} [bind] events to bind
 * @property {string[]} [hook] calls to hook, by the name of their behaviour
 * @property {Step[]} steps
 */

/** @returns {Promise<object[]>} the vectors of session.json */
export async function recordSession() {
  const vectors = [];
  for (const vector of serverCases)
    vectors.push(await record("server", vector));
  for (const vector of clientCases)
    vectors.push(await record("client", vector));
  return vectors;
}

/**
 * @param {"client" | "server"} role
 * @param {SessionCase} vector
 */
async function record(role, vector) {
  const peer = new Peer(role);
  peer.listen(vector);
  if (!vector.raw) await peer.handshake();
  const steps = [];
  for (const step of vector.steps) {
    await take(peer, step);
    steps.push({ ...step, out: await peer.happenings() });
  }
  peer.end();
  const { name, ...rest } = vector;
  return { name, role, ...rest, steps };
}

/**
 * @param {Peer} peer
 * @param {Step} step
 */
function take(peer, step) {
  if (step.open) return peer.open();
  if (step.call) return peer.call(/** @type {unknown[]} */ (untag(step.call)));
  if (step.fire)
    return peer.socket.fire(.../** @type {any} */ (untag(step.fire)));
  return peer.receive(step);
}
