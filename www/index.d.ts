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

/**
 * What a plugin listens for: an element of the option `listeners`. At most one
 * of `throttle`, `latest` and `batch` may be given, and none with an `ack`.
 */
export interface Listener<
  Event extends string = string,
  Args extends readonly unknown[] = any[],
> {
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
   * listening for events: with these bytes; with what a function returns or
   * resolves to, which is called with the call's arguments after the action
   * was dispatched, and what it throws is answered as an error; or with any
   * other value, as JSON.
   */
  ack?: Ack<Args>;
  /** The socket it listens to; `*` is all of them. By default the default one. */
  socket?: string;
  /** The Socket.IO namespace of the event, such as `/admin`; `/`. */
  nsp?: string;
  /** Of the events in so many ms, dispatch the first at once, and no other. */
  throttle?: number;
  /**
   * Dispatch the first event at once, and then every so many ms the newest, if
   * one came.
   */
  latest?: number;
  /**
   * Dispatch every so many ms one action for all events, if any came: its
   * payload is the array of the payloads that they had one by one. None is
   * lost: what there is at the end of a connection is dispatched then.
   */
  batch?: number;
  /** Called with the event's arguments: what it finds false is not dispatched. */
  filter?: (...args: Args) => unknown;
  /** Called with the event's arguments: what it returns is the payload. */
  map?: (...args: Args) => unknown;
}

/** What a listener answers calls with. */
export type Ack<Args extends readonly unknown[] = any[]> =
  | string
  | number
  | boolean
  | Uint8Array
  | ArrayBuffer
  | readonly number[]
  | object
  | ((...args: Args) => unknown)
  | null;

/** A listener for any of these events. */
export type ListenerFor<Events extends EventMap<Events>> = {
  [Event in keyof Events & string]: Listener<Event, Events[Event]>;
}[keyof Events & string];

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
  ? {
      type: Type;
      payload: ListenerPayload<Events[Event], L>;
      /** Which socket it came from, if that is not the default one. */
      meta?: { socket: string };
    }
  : never;

type ListenerPayload<Args extends readonly unknown[], L> = L extends {
  batch: number;
}
  ? EventPayload<Args, L>[]
  : EventPayload<Args, L>;

type EventPayload<Args extends readonly unknown[], L> = L extends {
  map: (...args: any[]) => infer Result;
}
  ? Result
  : L extends { ack: infer Given }
    ? Given extends undefined | null | "" | false | 0
      ? Args
      : Args[0]
    : Args;

export interface Options<Events extends EventMap<Events> = AnyEvents> {
  /**
   * Read at each CONNECT_SOCKET, by reference: until then, more may be pushed.
   */
  listeners?: readonly ListenerFor<Events>[];
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
  /**
   * What becomes of an emit while there is no connection: it waits; it fails at
   * once, with the code NOT_CONNECTED; or it is dropped, with the code DROPPED,
   * of which only its promise tells. `meta.queue` says otherwise for one emit.
   * By default `queue`.
   */
  offline?: OfflinePolicy;
  /** How many emits may wait for the connection; 1000. */
  queueLimit?: number;
  /**
   * How long an emit may wait for the connection, in ms; as long as it takes.
   * `meta.ttl` says otherwise for one emit.
   */
  queueTimeout?: number;
  /**
   * What to do with an emit if as many wait as may: refuse it, with the code
   * QUEUE_FULL, or drop the oldest, with the code DROPPED, of which only its
   * promise tells. By default `refuse`.
   */
  queueFull?: "refuse" | "dropOldest";
  /**
   * When to try again after a connection is lost or could not be made: after a
   * random time of at most `min` ms, which grows by `factor` to `max`, `limit`
   * times in a row. It is `min` again once a connection has stood for `stable`
   * ms. By default 1000, 2, 30000, for ever, and 5000. `false` is never.
   */
  reconnect?:
    | boolean
    | {
        min?: number;
        max?: number;
        factor?: number;
        limit?: number;
        stable?: number;
      };
}

/** What becomes of an emit while there is no connection. */
export type OfflinePolicy = "queue" | "fail" | "drop";

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
    /**
     * What the server speaks. `bsock`, the default, is what bcoin, hsd and
     * bPanel speak: Socket.IO 2 with a key that is called with, and with acks
     * whose first value is an error. `socket.io` is any other Socket.IO server,
     * whose version is found out; `socket.io@2` and `socket.io@4` (which is
     * also that of Socket.IO 3) spare the finding out.
     */
    protocol?: "bsock" | "socket.io" | "socket.io@2" | "socket.io@4" | null;
    /**
     * Socket.IO namespaces to join besides `/`, such as `/admin`. Those that
     * listeners name are joined anyway.
     */
    nsps?: readonly string[] | null;
    /**
     * What a server of Socket.IO 3 and later gets as `handshake.auth`. A
     * function is called at each attempt; it may be async.
     */
    auth?: unknown;
  };
  meta?: SocketMeta;
}

/** Which of a store's sockets an action is for, or comes from. */
export interface SocketMeta {
  /** Its name, any string but the empty one; `default` if it is left out. */
  socket?: string;
}

export interface DisconnectAction {
  type: "DISCONNECT_SOCKET";
  /** Anything true: an action without it is not for the socket. */
  bsock: object;
  meta?: SocketMeta;
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
  meta?: EmitMeta;
}

/** What is not sent, but says how an emit is to be dealt with. */
export interface EmitMeta extends SocketMeta {
  /** How long this emit may wait, in ms, for the connection and its answer. */
  timeout?: number;
  /**
   * Makes the emit a call, as `acknowledge` does, whose answer comes as an
   * action of this type: `{type, payload: answer}`. No function stands in
   * the action then.
   */
  ack?: string;
  /** The Socket.IO namespace it is for, one of `nsps`; `/`. */
  nsp?: string;
  /** What becomes of it while there is no connection: see `offline`. */
  queue?: OfflinePolicy;
  /** How long it may wait for the connection, in ms: see `queueTimeout`. */
  ttl?: number;
  /**
   * Remembers the emit once it is sent or, if it is a call, answered, and sends
   * it again at every reconnection, before SOCKET_CONNECTED. If it has a name,
   * it takes the place of the one remembered by that name. `subscribe`, and the
   * `broadcast` or `dispatch` of `watch …`, `set filter`, `add filter` and
   * `wallet join` are remembered anyway, unless this is false; `unsubscribe`,
   * `unwatch …`, `reset filter` and `wallet leave` undo them. All is forgotten
   * with the socket: at DISCONNECT_SOCKET, and at a CONNECT_SOCKET to another
   * place or with another key.
   */
  persist?: boolean | string;
  /** Forgets, once this emit is sent or answered, what has that name. */
  forget?: string;
}

/** An EMIT_SOCKET that expects no answer. */
export interface FireAction extends EmitAction<never> {
  bsock: EmitAction<never>["bsock"] & { acknowledge?: null };
  meta?: EmitMeta & { ack?: undefined };
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
  meta: EmitMeta & { ack: Type };
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
  /** An emit was dropped, as `offline`, `queueFull` or `meta.queue` say. */
  | "DROPPED"
  /** There is no connection for an emit, and it does not wait for one. */
  | "NOT_CONNECTED"
  /** An emit is for a Socket.IO namespace that is not joined: see `nsps`. */
  | "NOT_JOINED"
  /** The server refused a Socket.IO namespace, or `auth`. */
  | "NAMESPACE_REFUSED"
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
  | "MODULE_CRASHED"
  /** The module has a fault, and goes on. */
  | "INTERNAL_ERROR";

/** The `payload` of SOCKET_ERROR, and what a promise is rejected with. */
export interface SocketError extends Error {
  /** What happened, for programs; of an error from the server, its own code. */
  code?: SocketErrorCode | (string & {}) | number;
  /** The server's word for it. */
  type?: string;
  /** The emit it is about; of an `auth`, the message reads `[redacted]`. */
  emit?: { type: string; message: string };
  cause?: unknown;
}

/** The `payload` of SOCKET_ERROR with the option `plainErrors`. */
export type PlainSocketError = Pick<
  SocketError,
  "name" | "message" | "code" | "type" | "emit"
>;

/** The actions that the middleware dispatches by itself. */
export type SocketEvent<Failure = SocketError> = {
  /** Which socket it came from, if that is not the default one. */
  meta?: { socket: string };
} & (
  | { type: "SOCKET_CONNECTED" }
  | { type: "SOCKET_DISCONNECTED" }
  | {
      type: "SOCKET_CLOSED";
      payload: { code: number; reason: string; willRetry: boolean };
    }
  | { type: "SOCKET_ERROR"; payload: Failure }
  /** An attempt to connect begins. */
  | { type: "SOCKET_CONNECTING"; payload: { attempt: number } }
  /** The next attempt is in `delay` ms, `at` ms since 1970. */
  | {
      type: "SOCKET_RECONNECTING";
      payload: { attempt: number; delay: number; at: number };
    }
  /** It was tried as often as `reconnect.limit` allows, and is no more. */
  | { type: "SOCKET_FAILED"; payload: { attempts: number } }
  /**
   * A connection that was lost is back, after `gap` ms: fetch what was missed.
   * It comes after SOCKET_CONNECTED.
   */
  | { type: "SOCKET_RESUMED"; payload: { gap: number; attempts: number } }
  /**
   * How the socket stands, whenever that changes; before the action that tells
   * what happened. socketReducer makes a state of it.
   */
  | { type: "SOCKET_STATUS"; payload: Omit<SocketState, "error"> }
);

/** How a socket stands. */
export type SocketStatus =
  /** It has not been asked to connect, or to disconnect. */
  | "disconnected"
  /** An attempt is under way. */
  | "connecting"
  /** The server has acknowledged the key. */
  | "connected"
  /** It was lost or could not be made; the next attempt is at `retryAt`. */
  | "reconnecting"
  /** It was lost or could not be made, and there is no further attempt. */
  | "failed";

/** What socketReducer knows of a socket. Times are ms since 1970. */
export interface SocketState {
  status: SocketStatus;
  /** When the status became what it is; 0 if nothing has happened yet. */
  since: number;
  /** Which attempt in a row it is, or was the last, from 1; 0 before that. */
  attempt: number;
  /** When the next attempt begins; 0 if none is waited for. */
  retryAt: number;
  /** The last SOCKET_ERROR since it was connected last. */
  error: {
    name: string;
    message: string;
    code?: SocketError["code"];
  } | null;
  /** How long the server took to answer last, to the key or a ping, in ms. */
  latency: number | null;
  /** How many emits wait for the connection. */
  queued: number;
}

/** The state of socketReducer: what is known of each socket, by its name. */
export interface SocketsState {
  readonly [socket: string]: Readonly<SocketState>;
}

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
 * cannot be loaded; then it may be called again. Nobody need wait for it: what
 * is dispatched meanwhile is carried out when the module is there.
 */
export function load(options?: LoadOptions): Promise<void>;

/** Makes a CONNECT_SOCKET. */
export function connectSocket(
  where: ConnectAction["bsock"],
  meta?: SocketMeta,
): ConnectAction;

/** Makes a DISCONNECT_SOCKET. */
export function disconnectSocket(meta?: SocketMeta): DisconnectAction;

/**
 * Makes an EMIT_SOCKET of any kind: the event `type`, with `message` and all
 * other values as its arguments.
 */
export function emit<What extends EmitAction["bsock"]>(
  what: What,
): { type: "EMIT_SOCKET"; bsock: What };
export function emit<What extends EmitAction["bsock"], Meta extends EmitMeta>(
  what: What,
  meta: Meta,
): { type: "EMIT_SOCKET"; bsock: What; meta: Meta };

/**
 * Makes of an action the same with more in its `meta`.
 *
 *     withMeta(broadcast("watch chain"), { socket: "testnet" });
 */
export function withMeta<Action extends SocketAction, Meta extends EmitMeta>(
  action: Action,
  meta: Meta,
): Action & { meta: Meta };

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
export function subscribe(
  message: string,
  responseEvent: string,
  meta?: EmitMeta & { ack?: undefined },
): FireAction;

/** Makes an EMIT_SOCKET that takes a `subscribe` of the same arguments back. */
export function unsubscribe(
  message: string,
  responseEvent: string,
  meta?: EmitMeta & { ack?: undefined },
): FireAction;

/**
 * A reducer for the state of the sockets, by their names. Where the option
 * `disconnectedAction` stands for the SOCKET_ERROR of a connection, the state
 * has no `error` of one.
 *
 *     combineReducers({ sockets: socketReducer, … })
 */
export function socketReducer(
  sockets: SocketsState | undefined,
  action: { type: unknown },
): SocketsState;

/**
 * All that is known of a socket; of one that was never heard of, that it is
 * disconnected. It and those that follow take the state of socketReducer;
 * createSelectors makes the same for the state of a whole store.
 */
export function selectSocket(
  sockets: SocketsState,
  socket?: string,
): Readonly<SocketState>;

/** How a socket stands. */
export function selectStatus(
  sockets: SocketsState,
  socket?: string,
): SocketStatus;

/** Whether a socket is connected. */
export function selectIsConnected(
  sockets: SocketsState,
  socket?: string,
): boolean;

/** When the status became what it is, in ms since 1970. */
export function selectSince(sockets: SocketsState, socket?: string): number;

/** Which attempt in a row it is, or was the last, from 1; 0 before that. */
export function selectAttempt(sockets: SocketsState, socket?: string): number;

/** When the next attempt begins, in ms since 1970; 0 if none is waited for. */
export function selectRetryAt(sockets: SocketsState, socket?: string): number;

/** The last SOCKET_ERROR since the socket was connected last. */
export function selectError(
  sockets: SocketsState,
  socket?: string,
): SocketState["error"];

/** How long the server took to answer last, to the key or a ping, in ms. */
export function selectLatency(
  sockets: SocketsState,
  socket?: string,
): number | null;

/** How many emits wait for the connection. */
export function selectQueued(sockets: SocketsState, socket?: string): number;

/** The sockets' names; the same array as long as they are the same. */
export function selectSockets(sockets: SocketsState): readonly string[];

/** The selectors for the state of a whole store. */
export interface Selectors<State> {
  selectSocket: (state: State, socket?: string) => Readonly<SocketState>;
  selectStatus: (state: State, socket?: string) => SocketStatus;
  selectIsConnected: (state: State, socket?: string) => boolean;
  selectSince: (state: State, socket?: string) => number;
  selectAttempt: (state: State, socket?: string) => number;
  selectRetryAt: (state: State, socket?: string) => number;
  selectError: (state: State, socket?: string) => SocketState["error"];
  selectLatency: (state: State, socket?: string) => number | null;
  selectQueued: (state: State, socket?: string) => number;
  selectSockets: (state: State) => readonly string[];
}

/**
 * Makes the selectors for the state of a whole store.
 *
 *     const { selectStatus } = createSelectors((state: RootState) => state.sockets);
 *     const status = useSelector(selectStatus);
 *
 * @param slice where the state of socketReducer is
 */
export function createSelectors<State>(
  slice: (state: State) => SocketsState,
): Selectors<State>;

/**
 * An action as it may be shown: its API key, `auth` and tokens read
 * `[redacted]`. Any other action is itself. It is an `actionSanitizer` for
 * Redux DevTools.
 */
export function redact<Action>(action: Action): Action;

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
