// @ts-check
// Says in words how things stand: the connection, the node, the wallet.

import { clock } from "./format.js";

/**
 * @typedef {object} Words
 * @property {"good" | "busy" | "bad" | "calm"} tone
 * @property {string} title
 * @property {string} text
 */

/** @typedef {import("./plugins/connection.js").Connection} Connection */

/**
 * Ends with a full stop what was said elsewhere, for more will follow.
 *
 * @param {string} fault
 */
const sentence = (fault) => (/[.!?…]$/.test(fault) ? fault : `${fault}.`);

/** @param {number} failures */
function attempts(failures) {
  const so =
    failures === 0
      ? "Trying again by itself"
      : `${failures} attempt${failures === 1 ? " has" : "s have"} failed so far`;
  return `${so}; Connect tries at once.`;
}

/**
 * @param {Connection} connection
 * @returns {Words}
 */
export function connectionWords({ phase, since, fault, failures }) {
  switch (phase) {
    case "idle":
      return {
        tone: "calm",
        title: "Not connected yet",
        text: "Enter the server’s API key to connect.",
      };
    case "loading":
      return {
        tone: "busy",
        title: "Starting",
        text: "Loading the WebAssembly module.",
      };
    case "broken":
      return {
        tone: "bad",
        title: "Module not loaded",
        text: `${sentence(fault)} Check that the server serves bsock.wasm (make run builds it), then try again.`,
      };
    case "connecting":
      return {
        tone: "busy",
        title: "Connecting",
        text: "Waiting for the server to accept us.",
      };
    case "unreached":
      return {
        tone: "bad",
        title: "Not reached, will retry",
        text: `${sentence(fault)} Is the server running? ${attempts(failures)}`,
      };
    case "connected":
      return {
        tone: "good",
        title: "Connected",
        text: `Authenticated and subscribed at ${clock(since)}.`,
      };
    case "lost":
      return {
        tone: "bad",
        title: "Connection lost, will retry",
        text: `${sentence(fault)} Is the server still running? ${attempts(failures)}`,
      };
    case "ended":
      return {
        tone: "bad",
        title: "Connection ended",
        text: `${sentence(fault)} It will not be tried again until you connect.`,
      };
    case "refused":
      return {
        tone: "bad",
        title: "API key refused",
        text: `The server answered: ${sentence(fault)} Enter the right key and connect again.`,
      };
    case "disconnected":
      return {
        tone: "calm",
        title: "Disconnected",
        text: "By your request. It stays so until you connect.",
      };
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

/**
 * @param {import("./plugins/chain-state.js").Chain} chain
 * @param {Connection["phase"]} phase
 * @returns {Words}
 */
export function chainWords({ blocks, health, fault }, phase) {
  if (phase !== "connected")
    return {
      tone: "calm",
      title: "Not following",
      text: blocks.length > 0 ? "As last seen." : "Not connected.",
    };
  switch (health) {
    case "well":
      return { tone: "good", title: "Following", text: "The node answers." };
    case "ill":
      return {
        tone: "bad",
        title: "Node silent",
        text: `The server is there, its node is not: ${sentence(fault)}`,
      };
    case "unknown":
      return { tone: "busy", title: "Asking", text: "Asking for the tip." };
  }
}

/**
 * @param {import("./plugins/wallet-state.js").Wallet} wallet
 * @param {Connection["phase"]} phase
 * @returns {Words}
 */
export function walletWords({ id, membership, fault }, phase) {
  if (fault !== "")
    return {
      tone: "bad",
      title: "Refused",
      text: `The wallet said: ${sentence(fault)}`,
    };
  if (phase !== "connected")
    return {
      tone: "calm",
      title: "Not joined",
      text: id
        ? `${id} will be joined again once connected.`
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
