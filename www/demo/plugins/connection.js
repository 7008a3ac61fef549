// @ts-check
// The connection plugin: opens and closes the socket, and knows what only the
// page does: whether it was asked to, where it is, and what the last close said.
// How the socket stands is in `sockets`, the state of the package's own reducer.
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
 * @typedef {object} Connection
 * @property {"idle" | "loading" | "broken" | "asked"} stage idle: nothing was asked
 *   for yet; loading: the WebAssembly module is on its way; broken: it could not be
 *   loaded; asked: the rest is the socket's
 * @property {string} url
 * @property {string} fault why the module could not be loaded
 * @property {boolean} reached whether the server has been there since it was asked
 * @property {string} closed what the last close said, until it is connected again
 */

/** @type {Connection} */
const initial = {
  stage: "idle",
  url: "",
  fault: "",
  reached: false,
  closed: "",
};

/** @param {Partial<Connection>} payload */
export const changed = (payload) => ({ type: CONNECTION_CHANGED, payload });

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
  const url = urlOf(target);
  dispatch(changed({ stage: "asked", url, reached: false, closed: "" }));
  return dispatch({ type: "CONNECT_SOCKET", bsock: target });
};

const disconnectSocket = () => ({ type: "DISCONNECT_SOCKET", bsock: {} });

/** @param {{code?: number, reason?: string}} [closed] */
const closing = ({ code, reason } = {}) =>
  `The WebSocket closed${code ? ` with code ${code}` : ""}${reason ? `: ${reason}` : ""}.`;

/**
 * @param {Connection} state
 * @param {import("../store.js").Action} action
 * @returns {Connection}
 */
function reducer(state = initial, { type, payload }) {
  switch (type) {
    case CONNECTION_CHANGED:
      return { ...state, ...payload };
    case "SOCKET_CONNECTED":
      return { ...state, reached: true, closed: "" };
    case "SOCKET_CLOSED":
      return { ...state, closed: closing(payload) };
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
