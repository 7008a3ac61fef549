// @ts-check
// The connection plugin: opens and closes the socket, and knows how it stands.
//
// CONNECT_SOCKET and DISCONNECT_SOCKET never reach a reducer (the socket
// middleware keeps them), so this plugin puts an action of its own beside them.

export const metadata = {
  name: "connection",
  author: "bsock-wasm",
  description: "Connects, disconnects and tells how the connection stands",
  version: "1.0.0",
};

export const CONNECTION_CHANGED = "CONNECTION_CHANGED";

/**
 * A Phase is one of
 * - idle: nothing was asked for yet
 * - loading: the WebAssembly module is on its way
 * - broken: the module could not be loaded
 * - connecting: until the server has acknowledged auth
 * - unreached: no attempt has succeeded yet; more will follow unasked
 * - connected
 * - lost: it was up, and will be tried again unasked
 * - ended: it was up, and will not
 * - refused: the server did not accept the API key
 * - disconnected: by request
 *
 * @typedef {"idle" | "loading" | "broken" | "connecting" | "unreached" | "connected"
 *   | "lost" | "ended" | "refused" | "disconnected"} Phase
 */

/**
 * @typedef {object} Connection
 * @property {Phase} phase
 * @property {string} url
 * @property {number} since when the phase began, milliseconds since 1970
 * @property {string} fault the last error since the phase began to go wrong
 * @property {number} failures attempts that failed in a row
 */

/** @type {Connection} */
const initial = { phase: "idle", url: "", since: 0, fault: "", failures: 0 };

/**
 * @param {Phase} phase
 * @param {{url?: string, fault?: string, failed?: boolean}} [more] failed: one more attempt did
 */
export const changed = (phase, more = {}) => ({
  type: CONNECTION_CHANGED,
  payload: { phase, at: Date.now(), ...more },
});

/** Codes of the errors that end an attempt to connect. */
const ATTEMPT = new Set(["CONNECT_FAILED", "CONNECT_TIMEOUT", "AUTH_TIMEOUT"]);

/** The code of the error that says why a silent connection was given up. */
const STALLED = "STALLED";

/**
 * @typedef {object} Target what CONNECT_SOCKET takes
 * @property {string} host
 * @property {number} port
 * @property {boolean} ssl
 * @property {string} namespace
 * @property {string | (() => string)} [apiKey]
 */

/** @param {Target} target */
export function urlOf({ ssl, host, port, namespace }) {
  const name = host.includes(":") ? `[${host}]` : host;
  return `${ssl ? "wss" : "ws"}://${name}:${port}/${namespace}/`;
}

/** @param {Target} target */
const connectSocket = (target) => (/** @type {any} */ dispatch) => {
  dispatch(changed("connecting", { url: urlOf(target), fault: "" }));
  return dispatch({ type: "CONNECT_SOCKET", bsock: target });
};

const disconnectSocket = () => ({ type: "DISCONNECT_SOCKET", bsock: {} });

/** @param {{code?: number, reason?: string}} [closed] */
const closing = ({ code, reason } = {}) =>
  `The WebSocket closed${code ? ` with code ${code}` : ""}${reason ? `: ${reason}` : ""}.`;

/**
 * What a close says about the connection. One that was asked for, or follows
 * a refusal, says nothing new.
 *
 * @param {{code: number, reason: string, willRetry: boolean}} payload
 * @param {Phase} phase
 */
function closed(payload, phase) {
  if (payload.willRetry) return changed("lost", { fault: closing(payload) });
  return phase === "connected" || phase === "connecting"
    ? changed("ended", { fault: closing(payload) })
    : null;
}

/**
 * What an error says about it. Most are about something else.
 *
 * @param {{code?: string, message: string}} error
 * @param {Phase} phase
 */
function faulted({ code = "", message }, phase) {
  if (code === "AUTH_FAILED") return changed("refused", { fault: message });
  if (ATTEMPT.has(code))
    return changed(phase === "lost" ? phase : "unreached", {
      fault: message,
      failed: true,
    });
  return code === STALLED ? changed(phase, { fault: message }) : null;
}

/**
 * @param {import("../store.js").Action} action
 * @param {Phase} phase
 */
function news({ type, payload }, phase) {
  switch (type) {
    case "SOCKET_CONNECTED":
      return changed("connected", { fault: "" });
    case "SOCKET_DISCONNECTED":
      return changed("disconnected", { fault: "" });
    case "SOCKET_CLOSED":
      return closed(payload, phase);
    case "SOCKET_ERROR":
      return faulted(payload, phase);
    default:
      return null;
  }
}

/** @type {import("redux").Middleware} */
export const middleware =
  ({ dispatch, getState }) =>
  (next) =>
  (action) => {
    const said = news(
      /** @type {import("../store.js").Action} */ (action),
      getState().connection.phase,
    );
    if (said) dispatch(said);
    return next(action);
  };

/**
 * @param {Connection} state
 * @param {import("../store.js").Action} action
 * @returns {Connection}
 */
function reducer(state = initial, { type, payload }) {
  if (type !== CONNECTION_CHANGED) return state;
  const { phase, at, failed } = payload;
  const failures = phase === state.phase ? state.failures : 0;
  return {
    phase,
    url: payload.url ?? state.url,
    since: phase === state.phase ? state.since : at,
    fault: payload.fault ?? state.fault,
    failures: failed ? failures + 1 : failures,
  };
}

export const pluginReducers = { connection: reducer };

export const mapComponentDispatch = {
  Panel: (/** @type {any} */ dispatch, /** @type {object} */ map) =>
    Object.assign(map, {
      connectSocket: (/** @type {Target} */ target) =>
        dispatch(connectSocket(target)),
      disconnectSocket: () => dispatch(disconnectSocket()),
    }),
};
