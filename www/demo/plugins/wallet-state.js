// @ts-check
// What the wallet plugin remembers of the one wallet that is joined.

/**
 * @typedef {object} Transaction
 * @property {string} hash
 * @property {number} height below 0 while it is in no block
 * @property {number} time when the wallet first saw it, seconds since 1970
 * @property {number} value what it changed for this wallet, in the smallest unit
 */

/**
 * @typedef {object} Wallet
 * @property {string} id of the wallet that is joined or shall be; empty if none
 * @property {"out" | "joining" | "in" | "leaving"} membership
 * @property {Transaction[]} transactions newest first
 * @property {{confirmed: number, unconfirmed: number} | null} balance
 * @property {string} fault why the last request failed
 */

/** How many transactions are kept. */
const LIMIT = 50;

/** @type {Wallet} */
const initial = {
  id: "",
  membership: "out",
  transactions: [],
  balance: null,
  fault: "",
};

/**
 * @param {{value: number, path: object | null}[]} members inputs or outputs
 * @returns {number} the sum of those that are the wallet's own
 */
const own = (members) =>
  members.reduce((sum, { value, path }) => sum + (path ? value : 0), 0);

/**
 * Reads the details of a transaction (hsd: lib/wallet/txdb.js Details getJSON).
 *
 * @param {any} details
 * @returns {Transaction}
 */
export function readTransaction({ hash, height, mtime, inputs, outputs }) {
  return { hash, height, time: mtime, value: own(outputs) - own(inputs) };
}

/**
 * A transaction is told again when a block takes it in, or gives it up.
 *
 * @param {Transaction[]} list
 * @param {Transaction} transaction
 */
function upsert(list, transaction) {
  const at = list.findIndex(({ hash }) => hash === transaction.hash);
  return at >= 0
    ? list.with(at, transaction)
    : [transaction, ...list].slice(0, LIMIT);
}

/**
 * Applies an event of the wallet: its id, then what happened to it. Others on
 * the same server may have joined other wallets, whose events come here too.
 *
 * @param {Wallet} state
 * @param {string} type
 * @param {[string, any]} payload
 * @returns {Wallet}
 */
function heard(state, type, [id, value]) {
  if (id !== state.id || state.membership === "out") return state;
  const { transactions } = state;
  switch (type) {
    case "WALLET_TX":
      return {
        ...state,
        transactions: upsert(transactions, readTransaction(value)),
      };
    case "WALLET_CONFLICT":
      return {
        ...state,
        transactions: transactions.filter(({ hash }) => hash !== value.hash),
      };
    default:
      return {
        ...state,
        balance: { confirmed: value.confirmed, unconfirmed: value.unconfirmed },
      };
  }
}

/**
 * @param {Wallet} state
 * @param {string} fault
 * @returns {Wallet}
 */
function failed(state, fault) {
  switch (state.membership) {
    case "joining":
      return { ...state, membership: "out", fault };
    case "leaving":
      return { ...state, membership: "in", fault };
    default:
      return state; // the connection ended first, and that has been told
  }
}

/**
 * @param {Wallet} state
 * @param {import("../store.js").Action} action
 * @returns {Wallet}
 */
function reducer(state = initial, { type, payload }) {
  switch (type) {
    case "WALLET_JOINING":
      return payload.id === state.id
        ? { ...state, membership: "joining", fault: "" }
        : { ...initial, id: payload.id, membership: "joining" };
    case "WALLET_JOINED":
      return { ...state, membership: "in" };
    case "WALLET_LEAVING":
      return { ...state, membership: "leaving", fault: "" };
    case "WALLET_LEFT":
      return initial;
    case "WALLET_FAILED":
      return failed(state, payload.message);
    case "SOCKET_CLOSED":
    case "SOCKET_DISCONNECTED":
      // The id stays: a wallet that was joined is joined again.
      return state.membership === "leaving"
        ? initial
        : { ...state, membership: "out" };
    case "WALLET_TX":
    case "WALLET_CONFLICT":
    case "WALLET_BALANCE":
      return heard(state, type, payload);
    default:
      return state;
  }
}

export const pluginReducers = { wallet: reducer };
