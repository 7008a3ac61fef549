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
export const CONNECTION_FAULT = "CONNECTION_FAULT";

/**
 * A Phase is one of
 * - idle: nothing was asked for yet
 * - loading: the WebAssembly module is on its way
 * - broken: the module could not be loaded
 * - connecting: until the server has acknowledged auth
 * - connected
 * - lost: it will be tried again without being asked
 * - ended: it will not
 * - refused: the server did not accept the API key
 * - disconnected: by request
 *
 * @typedef {"idle" | "loading" | "broken" | "connecting" | "connected" | "lost"
 *   | "ended" | "refused" | "disconnected"} Phase
 */

/**
 * @typedef {object} Connection
 * @property {Phase} phase
 * @property {string} url
 * @property {number} since when the phase began, milliseconds since 1970
 * @property {string} fault the last error since the phase began to go wrong
 * @property {number} retries how often the connection was lost in a row
 */

/** @type {Connection} */
const initial = { phase: "idle", url: "", since: 0, fault: "", retries: 0 };

/**
 * @param {Phase} phase
 * @param {{url?: string, fault?: string}} [more]
 */
export const changed = (phase, more = {}) => ({
  type: CONNECTION_CHANGED,
  payload: { phase, at: Date.now(), ...more },
});

/** @param {string} message */
const faulted = (message) => ({ type: CONNECTION_FAULT, payload: { message } });

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
 * What an action of the socket middleware says about the connection.
 *
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
      if (payload?.willRetry)
        return changed("lost", { fault: closing(payload) });
      return phase === "connecting" || phase === "connected" || phase === "lost"
        ? changed("ended", { fault: closing(payload) })
        : null;
    case "SOCKET_ERROR":
      return payload?.code === "AUTH_FAILED"
        ? changed("refused", { fault: payload.message })
        : faulted(String(payload?.message ?? payload));
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

/** How many losses in a row the next phase stands for. */
const retriesAfter = (
  /** @type {Connection} */ state,
  /** @type {Phase} */ phase,
) => {
  if (phase === "lost") return state.retries + 1;
  return phase === "connecting" ? state.retries : 0;
};

/**
 * @param {Connection} state
 * @param {import("../store.js").Action} action
 * @returns {Connection}
 */
function reducer(state = initial, { type, payload }) {
  switch (type) {
    case CONNECTION_CHANGED:
      return {
        phase: payload.phase,
        url: payload.url ?? state.url,
        since: payload.phase === state.phase ? state.since : payload.at,
        fault: payload.fault ?? state.fault,
        retries: retriesAfter(state, payload.phase),
      };
    case CONNECTION_FAULT:
      return { ...state, fault: payload.message };
    default:
      return state;
  }
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
