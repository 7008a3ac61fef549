// Options, and events that are typed; and what must not compile. Checked by tsc
// alone.

import bsockMiddleware, { load } from "bsock-wasm";
import type { Listener, ListenerAction, Options } from "bsock-wasm";

import { same } from "./same";

interface Tx {
  hash: string;
}

interface Events {
  "new block": [entry: Uint8Array, txs: Uint8Array[]];
  "wallet tx": [id: string, tx: Tx];
  "block rescan": [height: number];
}

const listeners = [
  { event: "new block", actionType: "ADD_NEW_BLOCK" },
  { event: "wallet tx", actionType: "WALLET_TX", ack: null },
  { event: "block rescan", actionType: "RESCAN", ack: "yes" },
] as const satisfies readonly Listener<keyof Events>[];

type Heard = ListenerAction<Events, (typeof listeners)[number]>;

interface From {
  meta?: { socket: string };
}

bsockMiddleware<Events>({ listeners });
bsockMiddleware<Events>();
bsockMiddleware({ listeners });

// Each action carries what its event does; that of a hook, its first argument.
same<
  Heard,
  | { type: "ADD_NEW_BLOCK"; payload: Events["new block"]; meta?: From["meta"] }
  | { type: "WALLET_TX"; payload: Events["wallet tx"]; meta?: From["meta"] }
  | { type: "RESCAN"; payload: number; meta?: From["meta"] }
>(true);

export function reduce(height: number, action: Heard): number {
  switch (action.type) {
    // @ts-expect-error nobody listens for that
    case "BALANCE":
      return height;
    case "ADD_NEW_BLOCK": {
      const [entry, txs] = action.payload;
      return entry.length + txs.length;
    }
    case "WALLET_TX":
      // @ts-expect-error a block has no such thing as a wallet's transaction
      return action.payload[1].height;
    case "RESCAN":
      // @ts-expect-error the answer of a hook gets the argument alone
      return action.payload.length;
  }
}

// What a listener makes of its events shows in the payload.
const noisy = [
  {
    event: "wallet tx",
    actionType: "TXS",
    socket: "*",
    batch: 100,
    filter: (id: string) => id === "primary",
    map: (_id: string, { hash }: Tx) => hash,
  },
  { event: "new block", actionType: "BLOCKS", batch: 100 },
  { event: "block rescan", actionType: "RESCAN", ack: async () => "yes" },
  { event: "block rescan", actionType: "SILENT", ack: false },
] as const satisfies readonly Listener[];

type Made<Type> = Extract<
  ListenerAction<Events, (typeof noisy)[number]>,
  { type: Type }
>["payload"];
same<Made<"TXS">, string[]>(true);
same<Made<"BLOCKS">, Events["new block"][]>(true);
same<Made<"RESCAN">, number>(true);
same<Made<"SILENT">, [height: number]>(true);

// Its functions get the arguments of the event.
bsockMiddleware<Events>({
  listeners: [
    {
      event: "wallet tx",
      actionType: "TX",
      filter: (id, tx) => same<typeof id, string>(true) && tx.hash !== "",
      map: (_id, { hash }) => hash,
    },
    {
      event: "block rescan",
      actionType: "RESCAN",
      ack: (height) => height + 1,
    },
    { event: "new block", actionType: "BLOCK", ack: { height: 1 } },
  ],
});
bsockMiddleware<Events>({
  listeners: [
    {
      event: "wallet tx",
      actionType: "TX",
      // @ts-expect-error a transaction has no height
      map: (_id, tx) => tx.height,
    },
    // @ts-expect-error milliseconds are a number
    { event: "new block", actionType: "BLOCK", batch: true },
  ],
});

// Plugins push into a list of which nothing is known.
const sockets: { listeners: Listener[] } = { listeners: [] };
sockets.listeners.push({ event: "anything", actionType: "ANYTHING" });
bsockMiddleware(sockets);

bsockMiddleware<Events>({
  // @ts-expect-error the server has no such event
  listeners: [{ event: "new blocks", actionType: "ADD_NEW_BLOCK" }],
});
// @ts-expect-error a listener says what to dispatch
bsockMiddleware({ listeners: [{ event: "new block" }] });
// @ts-expect-error a payload is a tuple
bsockMiddleware<{ "new block": Uint8Array }>();
// @ts-expect-error listeners are a list
bsockMiddleware({ listeners: { event: "a", actionType: "A" } });
// @ts-expect-error the listeners are an option
bsockMiddleware(listeners);
// @ts-expect-error no such option
bsockMiddleware({ listner: [] });
// @ts-expect-error milliseconds are a number
bsockMiddleware({ ackTimeout: "1s" });
// @ts-expect-error no such policy
bsockMiddleware({ offline: "wait" });
// @ts-expect-error no such policy
bsockMiddleware({ queueFull: "dropNewest" });
// @ts-expect-error not a pace
bsockMiddleware({ reconnect: { minimum: 1 } });
// @ts-expect-error an action is an object
bsockMiddleware({ disconnectedAction: "DISCONNECTED" });
// @ts-expect-error no class of bytes
bsockMiddleware({ Buffer: Array });

export const all: Options = {
  listeners,
  debug: true,
  disconnectedAction: { type: "OFFLINE" },
  Buffer: Buffer,
  binary: (data) => data.length,
  plainErrors: true,
  ackTimeout: 1,
  authTimeout: 1,
  connectTimeout: 1,
  offline: "drop",
  queueLimit: 1,
  queueTimeout: 1,
  queueFull: "dropOldest",
  reconnect: { min: 1, max: 2, factor: 3, limit: 4, stable: 5 },
};
export const never: Options = { reconnect: false };

export const loaded: Promise<void>[] = [
  load(),
  load({ wasm: "/bsock.wasm" }),
  load({ wasm: fetch("/bsock.wasm") }),
  load({ wasm: new Uint8Array() }),
  // @ts-expect-error it is a field
  load("/bsock.wasm"),
  // @ts-expect-error not a source
  load({ wasm: 5 }),
];
