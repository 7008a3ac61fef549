// @ts-check
// One word for how the connection stands, of what the page knows and of what the
// socket's state says.

/**
 * A Phase is one of
 * - idle: nothing was asked for yet
 * - loading: the WebAssembly module is on its way
 * - broken: the module could not be loaded
 * - connecting: until the server has acknowledged auth
 * - unreached: no attempt has succeeded yet; more will follow unasked
 * - connected
 * - lost: it was up, and is tried again unasked
 * - ended: it is not
 * - refused: the server did not accept the API key
 * - crashed: the module did, and the next action starts it again
 * - disconnected: by request
 *
 * @typedef {"idle" | "loading" | "broken" | "connecting" | "unreached" | "connected"
 *   | "lost" | "ended" | "refused" | "crashed" | "disconnected"} Phase
 */

/** @typedef {import("./plugins/connection.js").Connection} Connection */
/** @typedef {import("bsock-wasm").SocketState} SocketState */

/**
 * @param {Connection} connection
 * @param {SocketState} socket
 * @returns {Phase}
 */
export function phaseOf({ stage, reached }, { status, attempt, error }) {
  if (stage !== "asked") return stage;
  const refused = error?.code === "AUTH_FAILED";
  switch (status) {
    case "connected":
      return "connected";
    case "failed":
      return refused ? "refused" : "ended";
    case "disconnected":
      return error?.code === "MODULE_CRASHED" ? "crashed" : "disconnected";
    case "connecting":
      if (attempt <= 1 && !reached) return "connecting";
  }
  if (refused) return "refused";
  return reached ? "lost" : "unreached";
}
