// Actions that the middleware takes and gives, told apart by their types; and
// what must not compile. Checked by tsc alone.

import {
  broadcast,
  connectSocket,
  disconnectSocket,
  dispatchCall,
  dispatchCallFor,
  emit,
  subscribe,
  unsubscribe,
  withMeta,
} from "bsock-wasm";
import type {
  ConnectAction,
  DisconnectAction,
  EmitAction,
  PlainSocketError,
  SocketAction,
  SocketDispatch,
  SocketError,
  SocketEvent,
} from "bsock-wasm";

import { same } from "./same";

// In: every action of the page sockets.md, and every creator's.

export const taken: SocketAction[] = [
  { type: "CONNECT_SOCKET", bsock: { port: 5000 } },
  {
    type: "CONNECT_SOCKET",
    bsock: {
      host: "::1",
      port: 5000,
      ssl: true,
      protocols: ["a"],
      namespace: "node",
      apiKey: async () => "key",
    },
  },
  { type: "DISCONNECT_SOCKET", bsock: {} },
  {
    type: "EMIT_SOCKET",
    bsock: {
      type: "broadcast",
      message: "set filter",
      filter: new Uint8Array(),
    },
  },
  {
    type: "EMIT_SOCKET",
    bsock: {
      type: "dispatch",
      message: "wallet leave",
      id: "primary",
      acknowledge: () => {},
    },
    meta: { timeout: 1000 },
  },
  {
    type: "CONNECT_SOCKET",
    bsock: {
      port: 3000,
      protocol: "socket.io",
      nsps: ["/admin"],
      auth: async () => ({ token: "t" }),
    },
    meta: { socket: "other" },
  },
  { type: "DISCONNECT_SOCKET", bsock: {}, meta: { socket: "other" } },
  {
    type: "EMIT_SOCKET",
    bsock: { type: "chat", message: "hello" },
    meta: {
      socket: "other",
      nsp: "/admin",
      queue: "drop",
      ttl: 1000,
      persist: "hello",
    },
  },
  {
    type: "EMIT_SOCKET",
    bsock: { type: "chat", message: "bye" },
    meta: { forget: "hello", persist: false },
  },
  connectSocket({ port: 5000 }, { socket: "other" }),
  disconnectSocket({ socket: "other" }),
  emit({ type: "set filter", message: "filter", bytes: new Uint8Array() }),
  emit({ type: "chat", message: "hello" }, { queue: "fail" }),
  subscribe("block connect", "new block", { socket: "other" }),
  withMeta(broadcast("watch mempool"), { persist: true }),
  withMeta(disconnectSocket(), { socket: "other" }),
  connectSocket({ port: 5000, namespace: "node" }),
  disconnectSocket(),
  broadcast("watch chain"),
  dispatchCall("wallet join", "primary"),
  dispatchCallFor("JOINED", "wallet join", "primary"),
  subscribe("block connect", "new block"),
  unsubscribe("block connect", "new block"),
];

export function narrowed(action: SocketAction) {
  switch (action.type) {
    case "CONNECT_SOCKET":
      return same<typeof action, ConnectAction>(true);
    case "DISCONNECT_SOCKET":
      return same<typeof action, DisconnectAction>(true);
    case "EMIT_SOCKET":
      return same<typeof action, EmitAction>(true);
  }
}

export const wrong: SocketAction[] = [
  // @ts-expect-error a typo
  { type: "CONECT_SOCKET", bsock: { port: 5000 } },
  // @ts-expect-error without bsock it is not for the socket
  { type: "DISCONNECT_SOCKET" },
  // @ts-expect-error no port
  { type: "CONNECT_SOCKET", bsock: { host: "localhost" } },
  // @ts-expect-error a port is a number
  { type: "CONNECT_SOCKET", bsock: { port: "5000" } },
  // @ts-expect-error protocols are a list
  { type: "CONNECT_SOCKET", bsock: { port: 5000, protocols: "one" } },
  // @ts-expect-error no message
  { type: "EMIT_SOCKET", bsock: { type: "broadcast" } },
  // @ts-expect-error the message is the event's name
  { type: "EMIT_SOCKET", bsock: { type: "broadcast", message: 5 } },
  // @ts-expect-error only a function acknowledges
  {
    type: "EMIT_SOCKET",
    bsock: { type: "dispatch", message: "get tip", acknowledge: true },
  },
  {
    type: "EMIT_SOCKET",
    bsock: { type: "dispatch", message: "get tip" },
    // @ts-expect-error milliseconds are a number
    meta: { timeout: "soon" },
  },
  {
    type: "EMIT_SOCKET",
    bsock: { type: "dispatch", message: "get tip" },
    // @ts-expect-error no such policy
    meta: { queue: "wait" },
  },
  // @ts-expect-error a socket has a name
  { type: "DISCONNECT_SOCKET", bsock: {}, meta: { socket: 2 } },
  // @ts-expect-error no such protocol
  { type: "CONNECT_SOCKET", bsock: { port: 1, protocol: "mqtt" } },
];

// @ts-expect-error no port
connectSocket({ host: "localhost" });
// @ts-expect-error nowhere
connectSocket();
// @ts-expect-error no name for what is to come
subscribe("block connect");
// @ts-expect-error the message is the event's name
broadcast(5);
// @ts-expect-error no message
dispatchCallFor("JOINED");
// @ts-expect-error no message
emit({ type: "chat" });
// @ts-expect-error no such field
withMeta(broadcast("watch chain"), { sockets: "other" }).meta satisfies {
  socket?: string;
};

// What dispatch returns.

export async function answers(dispatch: SocketDispatch) {
  const fire = () => dispatch(broadcast("watch chain"));
  same<ReturnType<typeof fire>, Promise<void>>(true);
  const connect = () => dispatch(connectSocket({ port: 5000 }));
  same<ReturnType<typeof connect>, Promise<void>>(true);
  const tip = await dispatch(dispatchCall<Uint8Array>("get tip"));
  same<typeof tip, Uint8Array>(true);
  const heights = await dispatch(
    dispatchCall("get heights", 1, (list: number[]) => list.length),
  );
  same<typeof heights, number[]>(true);
  const other = () =>
    dispatch(withMeta(broadcast("watch chain"), { socket: "other" }));
  same<ReturnType<typeof other>, Promise<void>>(true);
  const tipOfOther = await dispatch(
    withMeta(dispatchCall<Uint8Array>("get tip"), { socket: "other" }),
  );
  same<typeof tipOfOther, Uint8Array>(true);
  // @ts-expect-error not for the socket
  dispatch({ type: "ADD_NEW_BLOCK" });
}

// Out.

export function reduce(action: SocketEvent): string | number | boolean {
  switch (action.type) {
    case "SOCKET_CONNECTED":
    case "SOCKET_DISCONNECTED":
      // @ts-expect-error these carry nothing
      return action.payload;
    case "SOCKET_CLOSED":
      same<typeof action.payload.willRetry, boolean>(true);
      // @ts-expect-error there is no such field
      return action.payload.reasons;
    case "SOCKET_ERROR":
      same<typeof action.payload, SocketError>(true);
      if (action.payload.code === "AUTH_FAILED") return true;
      if (action.payload.code === "a code of the server's") return false;
      // @ts-expect-error a code is never true
      if (action.payload.code === true) return false;
      return action.payload.code ?? action.payload.message;
    case "SOCKET_CONNECTING":
      return action.payload.attempt;
    case "SOCKET_RECONNECTING":
      return action.payload.at - action.payload.delay;
    case "SOCKET_FAILED":
      // @ts-expect-error it counts all of them
      return action.payload.attempt;
    case "SOCKET_RESUMED":
      return action.payload.gap;
    case "SOCKET_STATUS":
      // @ts-expect-error the reducer's, from SOCKET_ERROR
      action.payload.error;
      return action.meta?.socket ?? action.payload.status;
  }
}

export function reducePlain(action: SocketEvent<PlainSocketError>) {
  if (action.type === "SOCKET_ERROR") {
    // @ts-expect-error a plain error has no stack
    action.payload.stack;
    return action.payload.emit?.message;
  }
  // @ts-expect-error SOCKET_ERROR is ruled out
  return action.type === "SOCKET_ERROR";
}
