// @ts-check
// The chain's card: its height, large, and the intervals between its blocks.

import { selectIsConnected } from "bsock-wasm/external";

import { ago, count, dateTime, duration, shortHash } from "../format.js";
import { intervals, mean } from "../intervals.js";
import { chainWords } from "../words.js";
import { chartView } from "./chart.js";
import { card, h, pill, setAttribute, setText } from "./dom.js";

export function chainView() {
  const state = pill();
  const words = h("p", { class: "words", role: "status" });
  const height = h("p", { class: "height" });
  const hash = h("dd", { class: "mono" });
  const last = h("time");
  const made = h("dd");
  const interval = h("dd");
  const chart = chartView();

  const element = card(
    "chain",
    "Chain",
    [state.element],
    h(
      "div",
      { class: "chain-body" },
      h(
        "div",
        { class: "chain-now" },
        h("h3", {}, "Height"),
        height,
        h(
          "dl",
          { class: "facts" },
          h("dt", {}, "Tip"),
          hash,
          h("dt", {}, "Made"),
          made,
          h("dt", {}, "Age"),
          h("dd", {}, last),
          h("dt", {}, "Mean interval"),
          interval,
        ),
        words,
      ),
      chart.element,
    ),
  );

  return {
    element,
    /**
     * @param {{chain: import("../plugins/chain-state.js").Chain, sockets: import("bsock-wasm").SocketsState}} store
     * @param {number} now
     */
    update({ chain, sockets }, now) {
      const [tip] = chain.blocks;
      setText(height, tip ? count(tip.height) : "–");
      setAttribute(height, "data-empty", tip === undefined);
      setText(hash, tip ? shortHash(tip.hash) : "none yet");
      setAttribute(hash, "title", tip?.hash);
      setText(made, tip ? dateTime(tip.time * 1000) : "–");
      setText(last, tip ? ago(tip.time * 1000, now) : "–");
      setAttribute(
        last,
        "datetime",
        tip && new Date(tip.time * 1000).toISOString(),
      );
      const known = intervals(chain.blocks);
      setText(interval, known.length > 0 ? duration(mean(known)) : "–");
      const said = chainWords(chain, selectIsConnected(sockets), now);
      state.say(said);
      setText(words, said.text);
      chart.update(chain.blocks);
    },
  };
}
