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

bsockMiddleware<Events>({ listeners });
bsockMiddleware<Events>();
bsockMiddleware({ listeners });

// Each action carries what its event does; that of a hook, its first argument.
same<
  Heard,
  | { type: "ADD_NEW_BLOCK"; payload: Events["new block"] }
  | { type: "WALLET_TX"; payload: Events["wallet tx"] }
  | { type: "RESCAN"; payload: number }
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
  queueLimit: 1,
  reconnect: { min: 1, max: 2, factor: 3, limit: 4 },
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
