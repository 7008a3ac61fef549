// Types of bsock-wasm, for its main entry and for bsock-wasm/external alike.

/** What a plugin listens for: an element of the option `listeners`. */
export interface Listener {
  /** The event from the server. */
  event: string;
  /**
   * The type of the action that is dispatched when it comes: `{type, payload}`,
   * payload being the array of the event's arguments. With `ack` it is the
   * first argument alone, and without arguments nothing is dispatched.
   */
  actionType: string;
  /**
   * If it is there, the listener answers calls of that name, instead of
   * listening for events, with these bytes.
   */
  ack?: string | Uint8Array | ArrayBuffer | readonly number[];
}

export interface Options {
  /**
   * Read at each CONNECT_SOCKET, by reference: until then, more may be pushed.
   */
  listeners?: readonly Listener[];
  /** Tells the console what the middleware does. */
  debug?: boolean;
  /**
   * An action that goes to the next middleware in place of SOCKET_DISCONNECTED,
   * and of the SOCKET_ERROR of a connection.
   */
  disconnectedAction?: unknown;
  /**
   * The class to give binary arguments as. By default the page's own `Buffer`,
   * if it has one, and Uint8Array if not.
   */
  Buffer?: {
    from(data: ArrayBuffer, offset: number, length: number): Uint8Array;
  };
  /**
   * Makes of binary arguments what the store is to hold, such as a string in
   * hexadecimal, instead of `Buffer`. It is given the bytes.
   */
  binary?: (data: Uint8Array) => unknown;
  /**
   * Makes the payload of SOCKET_ERROR a plain object `{name, message, code,
   * type, emit}`, as Redux Toolkit's serializability check wants it. Promises
   * are rejected with an Error all the same.
   */
  plainErrors?: boolean;
  /** How long an emit may wait for its answer, in ms; 10 minutes. */
  ackTimeout?: number;
  /** How long the server may take to answer to the key, in ms; 10 s. */
  authTimeout?: number;
  /** How long an attempt to connect may take, in ms; 10 s. */
  connectTimeout?: number;
  /** How many emits may wait for the connection; 1000. */
  queueLimit?: number;
  /**
   * When to try again after a connection is lost or could not be made: after a
   * random time of at most `min` ms, which grows by `factor` to `max`, `limit`
   * times in a row. By default 1000, 2, 30000, and for ever. `false` is never.
   */
  reconnect?:
    boolean | { min?: number; max?: number; factor?: number; limit?: number };
}

export interface ConnectAction {
  type: "CONNECT_SOCKET";
  bsock: {
    /** From 1 to 65535. */
    port: number;
    /** A name or an address; 127.0.0.1 if it is left out. */
    host?: string | null;
    /** Whether to use wss. */
    ssl?: boolean | null;
    /** The WebSocket subprotocols to offer. */
    protocols?: readonly string[] | null;
    /** The path, by which an app server tells its nodes apart; `socket.io`. */
    namespace?: string | null;
    /**
     * What the server is sent as `auth`. A function is called at each attempt,
     * so that the key stands in no action and no log; it may be async.
     */
    apiKey?: unknown;
  };
}

export interface DisconnectAction {
  type: "DISCONNECT_SOCKET";
  /** Anything true: an action without it is not for the socket. */
  bsock: object;
}

/** What goes out is `type`, `message` and every other value, in order. */
export interface EmitAction {
  type: "EMIT_SOCKET";
  bsock: {
    /** The event: `broadcast`, `dispatch`, `subscribe`, … */
    type: string;
    /** The first argument: the event for the node. */
    message: string;
    /** Makes the emit a call, and gets the answer. */
    acknowledge?: ((result: any) => unknown) | null;
    /** More arguments; binary ones are sent as attachments. */
    [argument: string]: unknown;
  };
  meta?: {
    /** How long this emit may wait, in ms, for the connection and its answer. */
    timeout?: number;
    /**
     * Makes the emit a call, as `acknowledge` does, whose answer comes as an
     * action of this type: `{type, payload: answer}`. No function stands in
     * the action then.
     */
    ack?: string;
  };
}

/** The action types that the middleware takes. */
export type SocketAction = ConnectAction | DisconnectAction | EmitAction;

/** The `payload` of SOCKET_ERROR, and what a promise is rejected with. */
export interface SocketError extends Error {
  /** What happened, for programs: `AUTH_FAILED`, `TIMEOUT`, … */
  code?: string | number;
  /** The server's word for it. */
  type?: string;
  /** The emit it is about. */
  emit?: { type: string; message: string };
  cause?: unknown;
}

/** The actions that the middleware dispatches. */
export type SocketEvent =
  | { type: "SOCKET_CONNECTED" }
  | { type: "SOCKET_DISCONNECTED" }
  | {
      type: "SOCKET_CLOSED";
      payload: { code: number; reason: string; willRetry: boolean };
    }
  | { type: "SOCKET_ERROR"; payload: SocketError };

/** A Redux middleware, of Redux 3 to 5. */
export type SocketMiddleware = (store: {
  dispatch: (action: any) => any;
  getState: () => any;
}) => (next: (action: any) => any) => (action: any) => any;

export interface LoadOptions {
  /**
   * The module, bsock.wasm: its URL, a Response, its bytes, or compiled. The
   * main entry has it inside; bsock-wasm/external must be told.
   */
  wasm?: WasmSource | PromiseLike<WasmSource>;
}

export type WasmSource =
  string | URL | Response | ArrayBuffer | ArrayBufferView | WebAssembly.Module;

/**
 * Loads the module, if nobody has yet. The first action for the socket does it
 * too. It resolves when the module runs, and rejects with the reason if it
 * cannot be loaded; then it may be called again.
 */
export function load(options?: LoadOptions): Promise<void>;

/**
 * Makes the middleware. It returns at once; actions for the socket wait in
 * order until the module runs.
 */
declare function bsockMiddleware(options?: Options): SocketMiddleware;
export default bsockMiddleware;
