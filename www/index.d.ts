// Types of bsock-wasm, for its main entry and for bsock-wasm/external alike.

/**
 * What events the server sends, for those who want them typed: from the name of
 * each to the tuple of its arguments.
 *
 *     interface Events {
 *       "new block": [entry: Uint8Array, txs: Uint8Array[]];
 *     }
 */
export type EventMap<Events> = {
  [Event in keyof Events]: readonly unknown[];
};

/** The events of those who do not say: any, with any arguments. */
export type AnyEvents = Record<string, any[]>;

/** What a plugin listens for: an element of the option `listeners`. */
export interface Listener<Event extends string = string> {
  /** The event from the server. */
  event: Event;
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
  ack?: string | Uint8Array | ArrayBuffer | readonly number[] | null;
}

/**
 * The action that a listener dispatches; of several listeners, the union.
 *
 *     const listeners = [
 *       { event: "new block", actionType: "ADD_NEW_BLOCK" },
 *     ] as const;
 *     type Heard = ListenerAction<Events, (typeof listeners)[number]>;
 */
export type ListenerAction<
  Events extends EventMap<Events>,
  L extends Listener<keyof Events & string>,
> = L extends {
  event: infer Event extends keyof Events;
  actionType: infer Type;
}
  ? { type: Type; payload: ListenerPayload<Events[Event], L> }
  : never;

type ListenerPayload<Args extends readonly unknown[], L> = L extends {
  ack: infer Ack;
}
  ? Ack extends undefined | null | ""
    ? Args
    : Args[0]
  : Args;

export interface Options<Events extends EventMap<Events> = AnyEvents> {
  /**
   * Read at each CONNECT_SOCKET, by reference: until then, more may be pushed.
   */
  listeners?: readonly Listener<keyof Events & string>[];
  /** Tells the console what the middleware does. */
  debug?: boolean;
  /**
   * An action that goes to the next middleware in place of SOCKET_DISCONNECTED,
   * and of the SOCKET_ERROR of a connection.
   */
  disconnectedAction?: object | null;
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
export interface EmitAction<Result = any> {
  type: "EMIT_SOCKET";
  bsock: {
    /** The event: `broadcast`, `dispatch`, `subscribe`, … */
    type: string;
    /** The first argument: the event for the node. */
    message: string;
    /** Makes the emit a call, and gets the answer. */
    acknowledge?: ((result: Result) => unknown) | null;
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

/** An EMIT_SOCKET that expects no answer. */
export interface FireAction extends EmitAction<never> {
  bsock: EmitAction<never>["bsock"] & { acknowledge?: null };
  meta?: EmitAction["meta"] & { ack?: undefined };
}

/** An EMIT_SOCKET whose answer goes to a function. */
export interface CallAction<Result = any> extends EmitAction<Result> {
  bsock: EmitAction<Result>["bsock"] & {
    acknowledge: (result: Result) => unknown;
  };
}

/** An EMIT_SOCKET whose answer comes as an action. */
export interface ActionCallAction<
  Type extends string = string,
> extends EmitAction {
  meta: NonNullable<EmitAction["meta"]> & { ack: Type };
}

/** The actions that the middleware takes. */
export type SocketAction = ConnectAction | DisconnectAction | EmitAction;

/**
 * What `dispatch` returns for the actions that the middleware takes. Redux's own
 * types do not know it: a store's is `store.dispatch as SocketDispatch`.
 */
export interface SocketDispatch {
  /** Resolves when it has been handed to the WebSocket. */
  (action: FireAction | ConnectAction | DisconnectAction): Promise<void>;
  /** Resolves with the answer. */
  <Result>(action: CallAction<Result>): Promise<Result>;
  /** Resolves with the answer, if it is a call. */
  (action: EmitAction): Promise<any>;
}

/**
 * What happened. A connection that the server or the network has closed has the
 * name of its WebSocket close code, such as `ABNORMAL_CLOSURE`.
 */
export type SocketErrorCode =
  /** A field of an action is wrong; the message names it. */
  | "BAD_ACTION"
  /** An option or a listener is wrong; the message names it. */
  | "BAD_OPTION"
  /** The server refused the key, or `apiKey` gave none. */
  | "AUTH_FAILED"
  /** The server did not answer to the key: see `authTimeout`. */
  | "AUTH_TIMEOUT"
  /** The WebSocket could not be opened. */
  | "CONNECT_FAILED"
  /** It was not open in time: see `connectTimeout`. */
  | "CONNECT_TIMEOUT"
  /** The server has fallen silent. */
  | "STALLED"
  /** An emit was under way when the connection was lost. */
  | "CONNECTION_LOST"
  /** An emit was under way at DISCONNECT_SOCKET, or at another CONNECT_SOCKET. */
  | "CLOSED"
  /** An emit was not sent or answered in time: see `ackTimeout`. */
  | "TIMEOUT"
  /** Too many emits wait for the connection: see `queueLimit`. */
  | "QUEUE_FULL"
  /** A message is larger than the protocol allows. */
  | "TOO_LARGE"
  /** The server said what the protocol does not know. */
  | "PROTOCOL_ERROR"
  /** The application threw at what was dispatched; `cause` is what it threw. */
  | "APPLICATION_ERROR"
  /** A reaction to an action causes that action again, without end. */
  | "TOO_DEEP"
  /** The module could not be loaded; the message says what to do. */
  | "LOAD_FAILED"
  /** The page's Content-Security-Policy forbids WebAssembly. */
  | "CSP_BLOCKED"
  /** bsock.wasm and the package are of different versions. */
  | "BUILD_MISMATCH"
  /** The module has crashed, and starts again at the next action. */
  | "MODULE_CRASHED";

/** The `payload` of SOCKET_ERROR, and what a promise is rejected with. */
export interface SocketError extends Error {
  /** What happened, for programs; of an error from the server, its own code. */
  code?: SocketErrorCode | (string & {}) | number;
  /** The server's word for it. */
  type?: string;
  /** The emit it is about. */
  emit?: { type: string; message: string };
  cause?: unknown;
}

/** The `payload` of SOCKET_ERROR with the option `plainErrors`. */
export type PlainSocketError = Pick<
  SocketError,
  "name" | "message" | "code" | "type" | "emit"
>;

/** The actions that the middleware dispatches by itself. */
export type SocketEvent<Failure = SocketError> =
  | { type: "SOCKET_CONNECTED" }
  | { type: "SOCKET_DISCONNECTED" }
  | {
      type: "SOCKET_CLOSED";
      payload: { code: number; reason: string; willRetry: boolean };
    }
  | { type: "SOCKET_ERROR"; payload: Failure };

/** What the middleware needs of a store. */
export interface SocketStore {
  dispatch: (action: any) => any;
  getState: () => any;
}

/** A Redux middleware, of Redux 3 to 5. */
export type SocketMiddleware = (
  store: SocketStore,
) => (next: (action: any) => any) => (action: any) => any;

export interface LoadOptions {
  /**
   * The module, bsock.wasm: its URL, a Response, its bytes, or compiled. The
   * main entry has it inside; bsock-wasm/external must be told.
   */
  wasm?: WasmSource | PromiseLike<WasmSource>;
}

export type WasmSource =
  | string
  | URL
  | Response
  | ArrayBuffer
  | ArrayBufferView
  | (WebAssembly.Module & object);

/**
 * Loads the module, if nobody has yet. The first action for the socket does it
 * too. It resolves when the module runs, and rejects with the reason if it
 * cannot be loaded; then it may be called again.
 */
export function load(options?: LoadOptions): Promise<void>;

/** Makes a CONNECT_SOCKET. */
export function connectSocket(where: ConnectAction["bsock"]): ConnectAction;

/** Makes a DISCONNECT_SOCKET. */
export function disconnectSocket(): DisconnectAction;

/**
 * Makes an EMIT_SOCKET that sends the node an event, such as `watch chain`, and
 * expects no answer.
 */
export function broadcast(message: string, ...args: unknown[]): FireAction;

/**
 * Makes an EMIT_SOCKET that calls the node, as in `wallet join`. The answer comes
 * by the promise that dispatching it returns, and goes to `acknowledge`.
 */
export function dispatchCall<Result = any>(
  message: string,
  ...args: [...args: unknown[], acknowledge: (result: Result) => unknown]
): CallAction<Result>;
export function dispatchCall<Result = any>(
  message: string,
  ...args: unknown[]
): CallAction<Result>;

/**
 * Makes an EMIT_SOCKET that calls the node, and whose answer comes as an action
 * `{type: actionType, payload: answer}`. There is no function in it.
 */
export function dispatchCallFor<Type extends string>(
  actionType: Type,
  message: string,
  ...args: unknown[]
): ActionCallAction<Type>;

/**
 * Makes an EMIT_SOCKET that asks the app server to pass on an event of the node,
 * such as `block connect`. It comes as `responseEvent`, which a listener must
 * listen for.
 */
export function subscribe(message: string, responseEvent: string): FireAction;

/** Makes an EMIT_SOCKET that takes a `subscribe` of the same arguments back. */
export function unsubscribe(message: string, responseEvent: string): FireAction;

/**
 * Makes the middleware. It returns at once; actions for the socket wait in
 * order until the module runs.
 */
declare function bsockMiddleware<Events extends EventMap<Events> = AnyEvents>(
  options?: Options<Events>,
): SocketMiddleware;
/** The middleware itself, where it is passed to `applyMiddleware` uncalled. */
declare function bsockMiddleware(
  store: SocketStore,
): ReturnType<SocketMiddleware>;
export default bsockMiddleware;
