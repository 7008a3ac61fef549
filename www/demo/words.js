// @ts-check
// Says in words how things stand: the connection, the node, the wallet.

import { clock, count, duration } from "./format.js";

/**
 * @typedef {object} Words
 * @property {"good" | "busy" | "bad" | "calm"} tone
 * @property {string} title
 * @property {string} text
 */

/** @typedef {import("./phase.js").Phase} Phase */
/** @typedef {import("./plugins/connection.js").Connection} Connection */
/** @typedef {import("bsock-wasm").SocketState} SocketState */

/**
 * Ends with a full stop what was said elsewhere, for more will follow.
 *
 * @param {string} fault
 */
const sentence = (fault) => (/[.!?…]$/.test(fault) ? fault : `${fault}.`);

/** Codes of the errors that say more of a connection than its close does. */
const TELLING = new Set([
  "AUTH_FAILED",
  "AUTH_TIMEOUT",
  "CONNECT_FAILED",
  "CONNECT_TIMEOUT",
  "MODULE_CRASHED",
  "STALLED",
]);

/**
 * Why there is no connection. The last error may be about something else.
 *
 * @param {Connection} connection
 * @param {SocketState} socket
 */
function reason({ closed }, { error }) {
  const said = TELLING.has(String(error?.code)) ? error?.message : closed;
  return sentence(said || "The connection is gone");
}

/**
 * @param {SocketState} socket
 * @param {number} now
 */
function nextAttempt({ attempt, retryAt }, now) {
  if (retryAt === 0) return `Attempt ${attempt} is under way.`;
  const seconds = Math.max(0, Math.ceil((retryAt - now) / 1000));
  return `Attempt ${attempt + 1} begins in ${seconds} s; Connect tries at once.`;
}

/** What a phase is called, and how it feels. */
const TITLES = /** @type {const} */ ({
  idle: ["calm", "Not connected yet"],
  loading: ["busy", "Starting"],
  broken: ["bad", "Module not loaded"],
  connecting: ["busy", "Connecting"],
  unreached: ["bad", "Not reached, will retry"],
  connected: ["good", "Connected"],
  lost: ["bad", "Connection lost, will retry"],
  ended: ["bad", "Connection ended"],
  refused: ["bad", "API key refused"],
  crashed: ["bad", "Module crashed"],
  disconnected: ["calm", "Disconnected"],
});

/**
 * @param {Phase} phase
 * @param {Connection} connection
 * @param {SocketState} socket
 * @param {number} now
 * @returns {Words}
 */
export function connectionWords(phase, connection, socket, now) {
  const [tone, title] = TITLES[phase];
  return { tone, title, text: connectionText(phase, connection, socket, now) };
}

/**
 * @param {Phase} phase
 * @param {Connection} connection
 * @param {SocketState} socket
 * @param {number} now
 */
function connectionText(phase, connection, socket, now) {
  switch (phase) {
    case "idle":
      return "Enter the server’s API key to connect.";
    case "loading":
      return "Loading the WebAssembly module.";
    case "broken":
      return `${sentence(connection.fault)} Check that the server serves bsock.wasm (make run builds it), then try again.`;
    case "connecting":
      return "Waiting for the server to accept us.";
    case "connected":
      return `Authenticated and subscribed at ${clock(socket.since)}.`;
    case "unreached":
      return `${reason(connection, socket)} Is the server running? ${nextAttempt(socket, now)}`;
    case "lost":
      return `${reason(connection, socket)} Is the server still running? ${nextAttempt(socket, now)}`;
    case "ended":
      return `${reason(connection, socket)} It will not be tried again until you connect.`;
    case "refused":
      return `The server answered: ${reason(connection, socket)} Enter the right key and connect again.`;
    case "crashed":
      return `${reason(connection, socket)} Connect to go on.`;
    case "disconnected":
      return "By your request. It stays so until you connect.";
  }
}

/**
 * Whether what is shown is real; said first, and plainly.
 *
 * @param {import("./config.js").Config} config
 * @returns {Words}
 */
export function nodeWords({ node, label, network, problem }) {
  if (problem !== "")
    return {
      tone: "bad",
      title: "Node unknown",
      text: `The server did not say which node is behind it: config.json could not be read (${problem}). Serve this page with make run.`,
    };
  if (node === "simulated")
    return {
      tone: "busy",
      title: "Simulated node",
      text: "Blocks, wallet and transactions are made up by the server. No real chain is involved. For a real node: make run NODE=hsd.",
    };
  if (node === "unknown")
    return {
      tone: "bad",
      title: "Node unknown",
      text: "The server did not say in config.json which node is behind it.",
    };
  return {
    tone: "good",
    title: "Real node",
    text: `${label}${network && !label.includes(network) ? ` on ${network}` : ""}, through this server.`,
  };
}

/** How long it is told that something was missed, in milliseconds. */
const TOLD_MS = 30_000;

/**
 * What a gap in the connection has cost.
 *
 * @param {NonNullable<import("./plugins/chain-state.js").Chain["gap"]>} gap
 */
function gapWords({ ms, missed }) {
  const length = `Gap of ${duration(Math.max(1, Math.round(ms / 1000)))}`;
  switch (missed) {
    case null:
      return `${length}, fetching what was missed.`;
    case 0:
      return `${length}: no block was missed.`;
    default:
      return `${length}: ${count(missed)} block${missed === 1 ? "" : "s"} missed, and fetched.`;
  }
}

/**
 * @param {import("./plugins/chain-state.js").Chain} chain
 * @param {boolean} connected
 * @param {number} now
 * @returns {Words}
 */
export function chainWords({ blocks, health, fault, gap }, connected, now) {
  if (!connected)
    return {
      tone: "calm",
      title: "Not following",
      text: blocks.length > 0 ? "As last seen." : "Not connected.",
    };
  const told = gap !== null && now - gap.at < TOLD_MS;
  switch (health) {
    case "well":
      return {
        tone: "good",
        title: "Following",
        text: told ? gapWords(gap) : "The node answers.",
      };
    case "ill":
      return {
        tone: "bad",
        title: "Node silent",
        text: `The server is there, its node is not: ${sentence(fault)}`,
      };
    case "unknown":
      return {
        tone: "busy",
        title: "Asking",
        text: told ? gapWords(gap) : "Asking for the tip.",
      };
  }
}

/**
 * @param {import("./plugins/wallet-state.js").Wallet} wallet
 * @param {Phase} phase
 * @returns {Words}
 */
export function walletWords({ id, membership, fault }, phase) {
  if (fault !== "")
    return {
      tone: "bad",
      title: "Refused",
      text: `The wallet said: ${sentence(fault)}`,
    };
  if (phase !== "connected" && membership === "joining")
    return {
      tone: "busy",
      title: "Waiting",
      text: `To join ${id} waits for the connection.`,
    };
  if (phase !== "connected")
    return {
      tone: "calm",
      title: "Not joined",
      text: id
        ? `${id} will be joined once connected.`
        : "Connect first, then join a wallet.",
    };
  switch (membership) {
    case "joining":
      return { tone: "busy", title: "Joining", text: `Joining ${id}.` };
    case "leaving":
      return { tone: "busy", title: "Leaving", text: `Leaving ${id}.` };
    case "in":
      return { tone: "good", title: "Joined", text: `Listening to ${id}.` };
    case "out":
      return {
        tone: "calm",
        title: "Not joined",
        text: "Join a wallet to hear of its transactions.",
      };
  }
}
