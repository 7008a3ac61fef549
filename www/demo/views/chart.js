// @ts-check
// The block-interval chart: a bar for each block, and the mean of the last ten.
//
// Its colours are the page's own (CSS variables), read at each drawing.

import uPlot from "uplot";

import { count, duration } from "../format.js";
import { WINDOW, intervals, means, summary } from "../intervals.js";
import { h, setAttribute, setText } from "./dom.js";

const HEIGHT = 220;

/** @param {string} name */
const color = (name) => () =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/**
 * @param {(u: uPlot, splits: number[]) => string[]} values
 * @param {number} size
 * @returns {uPlot.Axis}
 */
const axis = (values, size) => ({
  values,
  size,
  stroke: color("--muted"),
  grid: { stroke: color("--line"), width: 1 },
  ticks: { show: false },
  font: "12px system-ui, sans-serif",
});

/**
 * @param {(index: number | null | undefined) => void} onCursor
 * @returns {uPlot.Options}
 */
function options(onCursor) {
  return {
    width: 300,
    height: HEIGHT,
    legend: { show: false },
    padding: [8, 16, 0, 0], // half of a height may stand beyond the last bar
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: {
      x: { time: false, range: (_u, min, max) => [min - 0.6, max + 0.6] },
      y: {
        range: (_u, min, max) => [Math.min(0, min), Math.max(1, max * 1.1)],
      },
    },
    axes: [
      axis(
        (_u, splits) =>
          splits.map((v) => (Number.isInteger(v) ? count(v) : "")),
        28,
      ),
      axis((_u, splits) => splits.map(duration), 52),
    ],
    series: [
      {},
      {
        fill: color("--bar"),
        width: 0,
        paths: uPlot.paths.bars?.({ size: [0.7, 40], radius: 0.2 }),
        points: { show: false },
      },
      { stroke: color("--trend"), width: 2, points: { show: false } },
    ],
    hooks: { setCursor: [(u) => onCursor(u.cursor.idx)] },
  };
}

export function chartView() {
  const plot = h("div", { class: "plot", role: "img" });
  const empty = h(
    "p",
    { class: "empty" },
    "Two blocks are needed before there is an interval to draw.",
  );
  const caption = h("p", { class: "caption" });
  const element = h(
    "figure",
    { class: "chart" },
    h(
      "div",
      { class: "chart-head" },
      h("h3", {}, "Seconds between blocks"),
      h(
        "p",
        { class: "caption keys", "aria-hidden": "true" },
        h("span", {}, "each block"),
        h("span", { class: "line-key" }, `mean of ${WINDOW}`),
      ),
    ),
    h("div", { class: "plot-box" }, plot, empty),
    h("figcaption", {}, caption),
  );

  /** @type {import("../intervals.js").Series} */
  let series = [];
  /** @type {unknown} */
  let drawn;
  const say = (/** @type {number | null | undefined} */ index) => {
    const at = index == null ? undefined : series[index];
    setText(
      caption,
      at
        ? `Block ${count(at.height)} came ${duration(at.seconds)} after the one before`
        : summary(series),
    );
  };

  const chart = new uPlot(options(say), [[], [], []], plot);
  new ResizeObserver(([{ contentRect }]) =>
    chart.setSize({ width: Math.floor(contentRect.width), height: HEIGHT }),
  ).observe(plot);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
    chart.redraw(),
  );

  return {
    element,
    /** @param {import("../plugins/chain-state.js").Chain["blocks"]} blocks */
    update(blocks) {
      if (drawn === blocks) return;
      drawn = blocks;
      series = intervals(blocks);
      empty.hidden = series.length > 0;
      setAttribute(plot, "aria-label", `Block intervals. ${summary(series)}.`);
      chart.setData([
        series.map((item) => item.height),
        series.map((item) => item.seconds),
        means(series),
      ]);
      say(chart.cursor.idx);
    },
  };
}
