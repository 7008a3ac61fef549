// @ts-check
// The wallet's card: join, leave, its balance and its transactions.

import { selectSocket } from "bsock-wasm/external";

import { ago, amount, count, dateTime, shortHash, unit } from "../format.js";
import { phaseOf } from "../phase.js";
import { walletWords } from "../words.js";
import {
  button,
  card,
  h,
  pill,
  setAttribute,
  setChildren,
  setEnabled,
  setText,
} from "./dom.js";

/** How many transactions are shown. */
const ROWS = 5;

/** Phases in which an emit is sent, or waits and is sent then. */
const CONNECTING = new Set(["connecting", "unreached", "connected", "lost"]);

/** @typedef {import("../plugins/wallet-state.js").Transaction} Transaction */

/** @param {Transaction} transaction */
function row({ hash, time, value }) {
  const incoming = value >= 0;
  return h(
    "li",
    { class: incoming ? "in" : "out" },
    h("span", { class: "arrow", "aria-hidden": "true" }, incoming ? "↓" : "↑"),
    h("span", { class: "value" }),
    h("span", { class: "depth" }),
    h("span", { class: "mono hash", title: hash }, shortHash(hash)),
    h("time", {
      datetime: new Date(time * 1000).toISOString(),
      title: dateTime(time * 1000),
    }),
  );
}

/**
 * @param {number} height of the transaction
 * @param {number | undefined} tip of the chain
 */
function depth(height, tip) {
  if (height < 0) return "pending";
  if (tip === undefined || tip < height) return "in a block";
  const n = tip - height + 1;
  return `${count(n)} confirmation${n === 1 ? "" : "s"}`;
}

/** @param {{joinWallet: (id: string) => void, leaveWallet: (id: string) => void}} actions */
export function walletView({ joinWallet, leaveWallet }) {
  const state = pill();
  const words = h("p", { class: "words", role: "status" });
  const confirmed = h("dd");
  const confirmedLabel = h("dt");
  const pending = h("dd");
  const pendingLabel = h("dt");
  const list = h("ul", { class: "transactions", "aria-label": "Transactions" });
  const empty = h("p", { class: "empty" });

  const input = h("input", {
    id: "wallet-id",
    value: "primary",
    required: true,
    maxlength: 40,
    pattern: "[A-Za-z0-9._\\-]+",
    title: "Letters, digits, dots, dashes and underscores",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
  });
  const join = h("button", { class: "primary", type: "submit" }, "Join");
  let joined = "";
  const leave = button("Leave", () => leaveWallet(joined));
  const form = h(
    "form",
    {
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        if (join.getAttribute("aria-disabled") !== "true")
          joinWallet(input.value);
      },
    },
    h(
      "div",
      { class: "field" },
      h("label", { for: input.id }, "Wallet id"),
      input,
    ),
    h("div", { class: "buttons" }, join, leave),
  );

  const element = card(
    "wallet",
    "Wallet",
    [state.element],
    form,
    words,
    h(
      "dl",
      { class: "balance" },
      h("div", {}, confirmedLabel, confirmed),
      h("div", {}, pendingLabel, pending),
    ),
    h("div", { class: "list-box" }, list, empty),
  );

  return {
    element,
    /**
     * @param {any} store
     * @param {import("../config.js").Config | null} config
     * @param {number} now
     */
    update({ wallet, chain, connection, sockets }, config, now) {
      /** @type {import("../plugins/wallet-state.js").Wallet} */
      const { id, membership, balance, transactions } = wallet;
      const node = config?.node ?? "";
      const phase = phaseOf(connection, selectSocket(sockets));
      const said = walletWords(wallet, phase);
      const connected = phase === "connected";
      joined = id;
      state.say(said);
      setText(words, said.text);
      setEnabled(join, CONNECTING.has(phase) && membership === "out");
      setEnabled(leave, connected && membership === "in");
      setAttribute(input, "readonly", membership !== "out");
      setText(confirmed, balance ? amount(balance.confirmed, node) : "–");
      setText(
        pending,
        balance
          ? amount(balance.unconfirmed - balance.confirmed, node, {
              sign: true,
            })
          : "–",
      );
      setText(confirmedLabel, `Confirmed, ${unit(node)}`);
      setText(pendingLabel, `Pending, ${unit(node)}`);

      const shown = transactions
        .slice(0, ROWS)
        .map((item) => ({ ...item, key: item.hash }));
      setChildren(list, shown, row, (element, item) => {
        const [value, deep, time] = element.querySelectorAll(
          ".value, .depth, time",
        );
        setText(
          value,
          `${amount(item.value, node, { sign: true })} ${unit(node)}`,
        );
        setText(deep, depth(item.height, chain.blocks[0]?.height));
        setAttribute(element, "data-pending", item.height < 0);
        setText(time, ago(item.time * 1000, now));
      });
      empty.hidden = shown.length > 0;
      setText(
        empty,
        membership === "in"
          ? "Nothing yet. A node's wallet sends changes only: its balance and transactions appear with the next one."
          : "No wallet is joined.",
      );
    },
  };
}
