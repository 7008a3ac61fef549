// @ts-check
// The connection's card: how it stands, in words, and what can be done.

import { selectSocket } from "bsock-wasm/external";

import { bytes, clock, count, duration } from "../format.js";
import { phaseOf } from "../phase.js";
import { connectionWords } from "../words.js";
import {
  button,
  card,
  h,
  pill,
  setAttribute,
  setEnabled,
  setText,
} from "./dom.js";

/** Phases in which there is nothing to connect, or no way to. */
const BUSY = new Set(["loading", "connecting", "connected"]);

/** Phases in which the socket is open, or will be tried again. */
const OPEN = new Set([
  "connecting",
  "unreached",
  "connected",
  "lost",
  "refused",
]);

/**
 * @param {{connect: (choice: {namespace: string, apiKey: string}) => void, disconnect: () => void}} actions
 */
export function connectionView({ connect, disconnect }) {
  const state = pill();
  const text = h("p", { class: "words", role: "status" });
  const url = h("dd", { class: "mono" });
  const since = h("dd");
  const latency = h("dd");
  const queued = h("dd");
  const sent = h("dd");
  const received = h("dd");

  const client = h("select", { id: "client", name: "client" });
  const key = h("input", {
    id: "api-key",
    type: "password",
    autocomplete: "off",
    spellcheck: "false",
  });
  const clientField = field("Node", client);
  const keyField = field("API key", key);

  const connectButton = h(
    "button",
    { class: "primary", type: "submit" },
    "Connect",
  );
  const disconnectButton = button("Disconnect", disconnect);
  const form = h(
    "form",
    {
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        if (connectButton.getAttribute("aria-disabled") === "true") return;
        connect({ namespace: client.value, apiKey: key.value });
      },
    },
    clientField,
    keyField,
    h("div", { class: "buttons" }, connectButton, disconnectButton),
  );

  const element = card(
    "connection",
    "Connection",
    [state.element],
    text,
    h(
      "dl",
      { class: "facts" },
      h("dt", {}, "Socket"),
      url,
      h("dt", {}, "Since"),
      since,
      h("dt", {}, "Latency"),
      latency,
      h("dt", {}, "Waiting"),
      queued,
      h("dt", {}, "Sent"),
      sent,
      h("dt", {}, "Received"),
      received,
    ),
    form,
  );

  /** @param {string[]} clients */
  function offer(clients) {
    if (client.options.length !== clients.length)
      client.replaceChildren(
        ...clients.map((id) => h("option", { value: id }, id)),
      );
    clientField.hidden = clients.length < 2; // no choice
  }

  return {
    element,
    /**
     * @param {{connection: import("../plugins/connection.js").Connection, log: import("../plugins/log.js").Log, sockets: import("bsock-wasm").SocketsState}} store
     * @param {import("../config.js").Config | null} config
     * @param {number} now
     */
    update({ connection, log, sockets }, config, now) {
      const socket = selectSocket(sockets);
      const phase = phaseOf(connection, socket);
      const words = connectionWords(phase, connection, socket, now);
      state.say(words);
      setText(text, words.text);
      setText(url, connection.url || "none yet");
      setText(since, age(socket.since, now));
      setText(
        latency,
        socket.latency === null ? "not measured" : `${socket.latency} ms`,
      );
      setText(queued, emits(socket.queued));
      setText(sent, traffic(log.traffic.sent));
      setText(received, traffic(log.traffic.received));

      setText(connectButton, phase === "broken" ? "Try again" : "Connect");
      setEnabled(connectButton, !BUSY.has(phase));
      setEnabled(disconnectButton, OPEN.has(phase));
      offer(config?.clients ?? []);
      const keyWanted = config?.apiKeyRequired || phase === "refused";
      setAttribute(key, "required", keyWanted);
      keyField.hidden = !keyWanted;
    },
  };
}

/**
 * @param {number} since
 * @param {number} now
 */
const age = (since, now) =>
  since === 0
    ? "not yet"
    : `${clock(since)} (${duration(Math.max(0, Math.floor((now - since) / 1000)))})`;

/** @param {number} n */
const emits = (n) =>
  n === 0 ? "nothing" : `${count(n)} emit${n === 1 ? "" : "s"}`;

/** @param {import("../plugins/log.js").Traffic} traffic */
const traffic = ({ frames, size }) =>
  `${count(frames)} frame${frames === 1 ? "" : "s"}, ${bytes(size)}`;

/**
 * @param {string} label
 * @param {HTMLElement} control
 */
function field(label, control) {
  return h(
    "div",
    { class: "field" },
    h("label", { for: control.id }, label),
    control,
  );
}
