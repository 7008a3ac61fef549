// @ts-check
// The last blocks, newest first.

import { ago, clock, count, dateTime, duration } from "../format.js";
import { intervals } from "../intervals.js";
import { card, h, setChildren, setText } from "./dom.js";

/** How many are shown. */
const ROWS = 12;

/** @typedef {import("../plugins/chain-state.js").Chain["blocks"][0]} Block */

/**
 * Where there is no room for both its ends, a hash shows its first.
 *
 * @param {string} hash
 */
const hashEnds = (hash) => [
  `${hash.slice(0, 8)}…`,
  h("span", { class: "wide-only" }, hash.slice(-8)),
];

/** @param {Block & {key: string}} block */
function row(block) {
  const at = block.time * 1000;
  return h(
    "tr",
    { class: block.at ? "fresh" : "" },
    h("td", {}, count(block.height)),
    h("td", { class: "mono", title: block.hash }, ...hashEnds(block.hash)),
    h(
      "td",
      { class: "wide-only" },
      h("span", { title: dateTime(at) }, clock(at)),
    ),
    h(
      "td",
      { class: "age" },
      h("time", { datetime: new Date(at).toISOString(), title: dateTime(at) }),
    ),
    h("td", { class: "number interval" }),
  );
}

export function blocksView() {
  const body = h("tbody");
  const empty = h("p", { class: "empty" }, "No block has been seen yet.");
  const element = card(
    "blocks",
    "Last blocks",
    [],
    h(
      "div",
      { class: "table-box" },
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("th", { scope: "col", class: "height-col" }, "Height"),
            h("th", { scope: "col", class: "hash-col" }, "Hash"),
            h("th", { scope: "col", class: "wide-only" }, "Time"),
            h("th", { scope: "col", class: "age age-col" }, "Age"),
            h("th", { scope: "col", class: "number interval-col" }, "Interval"),
          ),
        ),
        body,
      ),
      empty,
    ),
  );

  return {
    element,
    /**
     * @param {{chain: import("../plugins/chain-state.js").Chain}} store
     * @param {number} now
     */
    update({ chain: { blocks } }, now) {
      const gaps = new Map(
        intervals(blocks).map(({ height, seconds }) => [height, seconds]),
      );
      const shown = blocks
        .slice(0, ROWS)
        .map((block) => ({ ...block, key: block.hash }));
      setChildren(body, shown, row, (element, block) => {
        const [age, interval] = element.querySelectorAll("time, .interval");
        const gap = gaps.get(block.height);
        setText(age, ago(block.time * 1000, now));
        setText(interval, gap === undefined ? "–" : duration(gap));
      });
      empty.hidden = shown.length > 0;
    },
  };
}
