// @ts-check
//
// Plots of what was measured, as SVG for the documentation: the ratios of all
// rows that have a peer, and each curve. Light background, 700 pixels wide.

import * as vega from "vega";
import { compile } from "vega-lite";
import { defaultPeer } from "./result.mjs";

/** @typedef {import("./result.mjs").Curve} Curve */
/** @typedef {import("./result.mjs").Axis} Axis */
/** @typedef {import("./table.mjs").JudgedRow} JudgedRow */

const width = 700;

/** Ours first, in what reads as ours everywhere. */
const colours = ["#1a73b8", "#d1660f", "#767676", "#2e8b57", "#8e44ad"];

const config = {
  background: "white",
  padding: 12,
  font: "Helvetica, Arial, sans-serif",
  title: { fontSize: 15, anchor: "start", offset: 12 },
  axis: {
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
    gridColor: "#e6e6e6",
  },
  legend: { labelFontSize: 12, labelLimit: 400 },
  view: { stroke: null },
};

/**
 * @param {any} spec of vega-lite
 * @returns {Promise<string>} SVG
 */
async function draw(spec) {
  const compiled = compile({ ...spec, config }).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  return svg + "\n";
}

/**
 * Reports whether a row belongs among the ratios. A row of multiples is about
 * growth, where to be better than the peer says little.
 *
 * @param {JudgedRow} row
 */
export function isComparison({ unit, judged }) {
  return judged.toPeer !== undefined && unit !== "×";
}

/**
 * How much of the width the names of the rows take: a letter of 12 pixels is
 * half as wide. A heading may run on, where there is no bar.
 *
 * @param {Line[]} lines
 */
function roomFor(lines) {
  const names = lines.filter(({ ratio }) => ratio !== undefined);
  return 20 + 6 * Math.max(...names.map(({ label }) => label.length));
}

/**
 * A bar for each row that has a peer, under the heading of its group: how many
 * times as good ours is.
 *
 * @param {JudgedRow[]} rows
 */
export function ratios(rows) {
  const lines = linesOf(rows.filter(isComparison));
  const room = Math.max(200, roomFor(lines));
  const ends = lines.flatMap(({ ratio = 1, target = 1 }) => [ratio, target]);
  const y = {
    field: "at",
    type: "ordinal",
    // Headings have no bar, and would be left out.
    scale: { domain: lines.map(({ at }) => at) },
    axis: {
      title: null,
      domain: false,
      ticks: false,
      labelAlign: "left",
      labelPadding: room,
      labelLimit: 0, // its guess at the width of bold text is far too large
      labelExpr:
        JSON.stringify(lines.map(({ label }) => label)) + "[datum.value]",
      labelFontWeight: {
        condition: { test: isHeading(lines), value: "bold" },
        value: "normal",
      },
    },
  };
  const [least, most] = [Math.min(0.5, ...ends), Math.max(...ends)];
  const x = {
    field: "ratio",
    type: "quantitative",
    scale: { type: "log", domain: [least * 0.9, most * 1.5], nice: false },
    axis: {
      title: "times as good as the peer",
      values: ticks(least, most),
      format: "~r",
    },
  };
  return draw({
    title: "Beside what it replaces: 1 is the same; the mark is the target",
    width: width - room - 30,
    height: { step: 22 },
    data: { values: lines },
    layer: [
      {
        mark: { type: "bar", height: { band: 0.65 } },
        encoding: { y, x, x2: { datum: 1 }, color },
      },
      {
        mark: { type: "text", align: "left", dx: 6, fontSize: 12 },
        encoding: { y, x: { ...x, field: "end" }, text: { field: "shown" } },
      },
      {
        transform: [{ filter: "isValid(datum.target)" }],
        mark: { type: "tick", thickness: 3, color: "#111", bandSize: 18 },
        encoding: { y, x: { ...x, field: "target" } },
      },
    ],
  });
}

const color = {
  field: "good",
  type: "nominal",
  legend: null,
  scale: { domain: [true, false], range: [colours[0], colours[1]] },
};

/**
 * @typedef {object} Line of the plot of ratios
 * @property {number} at
 * @property {string} label
 * @property {number} [ratio] a heading has none
 * @property {number} [end] where the ratio is written
 * @property {string} [shown]
 * @property {number} [target]
 * @property {boolean} [good]
 */

/**
 * @param {JudgedRow[]} rows
 * @returns {Line[]}
 */
function linesOf(rows) {
  const groups = [...new Set(rows.map(({ group }) => group))];
  return groups
    .flatMap((group) => [
      { label: headingOf(group, rows) },
      ...rows.filter((row) => row.group === group).map(bar),
    ])
    .map((line, at) => ({ at, ...line }));
}

/**
 * @param {string} group
 * @param {JudgedRow[]} rows
 */
function headingOf(group, rows) {
  const peers = rows
    .filter((row) => row.group === group)
    .map(({ peerName = defaultPeer }) => peerName);
  return `${group}, beside ${[...new Set(peers)].join(" or ")}`;
}

/** @param {JudgedRow} row */
function bar({ title, judged, targets = [] }) {
  const { median } = /** @type {import("./statistics.mjs").Spread} */ (
    judged.toPeer
  );
  const target = targets.find(({ of }) => of === "peer")?.atLeast;
  return {
    label: title,
    ratio: median,
    end: Math.max(1, median, target ?? 1),
    shown: `${median.toPrecision(3)}×`,
    good: median >= (target ?? 1),
    target,
  };
}

/** @param {Line[]} lines */
function isHeading(lines) {
  const headings = lines.filter(({ ratio }) => ratio === undefined);
  return `indexof(${JSON.stringify(headings.map(({ at }) => at))}, datum.value) >= 0`;
}

/** @param {Curve} curve */
export function plot({ title, x, y, series }) {
  const names = series.map(({ name }) => name);
  // What is drawn last is on top: ours, which comes first.
  const values = [...series].reverse().flatMap(({ name, points }) =>
    points
      .map(([x, y]) => ({ name, x, y }))
      // A cost of 0 is one that the clock did not show.
      .filter((point) => y.scale !== "log" || point.y > 0),
  );
  return draw({
    title,
    width,
    height: 400,
    autosize: { type: "fit", contains: "padding" },
    data: { values },
    mark: { type: "line", point: { size: 40 }, strokeWidth: 2 },
    encoding: {
      x: axis("x", x, values),
      y: axis("y", y, values),
      color: {
        field: "name",
        type: "nominal",
        scale: { domain: names, range: colours },
        legend: { title: null, orient: "top", columns: 3 },
      },
    },
  });
}

/**
 * @param {"x" | "y"} field
 * @param {Axis} axis
 * @param {Record<"x" | "y", number>[]} values
 */
function axis(field, { title, unit, scale = "linear" }, values) {
  return {
    field,
    type: "quantitative",
    title: unit ? `${title}, ${unit}` : title,
    ...(scale === "log"
      ? logarithmic(
          values.map((each) => each[field]),
          field === "y",
        )
      : { scale: { type: "linear", zero: true }, axis: { labelExpr } }),
  };
}

// 0.5 and 20k, where one format alone says 500m or 20,000.
const labelExpr = "format(datum.value, abs(datum.value) < 1 ? '~r' : '~s')";

/**
 * @param {number[]} values
 * @param {boolean} isWide whether there is to be air above and below
 */
function logarithmic(values, isWide) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  // A logarithm knows no 0, which the length of a queue may well be.
  if (least <= 0) return { scale: { type: "symlog" }, axis: { labelExpr } };
  const domain = isWide ? wide(least, most) : [least, most];
  return {
    scale: { type: "log", domain, nice: false },
    axis: { labelExpr, values: ticks(domain[0], domain[1]) },
  };
}

/**
 * From a mark to a mark, and a factor of ten at least, lest noise look like
 * growth.
 *
 * @param {number} least
 * @param {number} most
 */
function wide(least, most) {
  const marks = marksOf([1, 2, 5], least / 10, most * 10);
  let low = marks.findLastIndex((mark) => mark <= least);
  let high = marks.findIndex((mark) => mark >= most);
  for (; marks[high] / marks[low] < 9.99; low--, high++);
  return [marks[low], marks[high]];
}

/**
 * Where an axis of logarithms is marked: as often as there is room for.
 *
 * @param {number} least
 * @param {number} most
 */
function ticks(least, most) {
  return marksOf(most / least > 1000 ? [1] : [1, 2, 5], least, most);
}

/**
 * @param {number[]} digits
 * @param {number} least
 * @param {number} most
 */
function marksOf(digits, least, most) {
  const low = Math.floor(Math.log10(least));
  const powers = Math.ceil(Math.log10(most)) - low + 1;
  return Array.from({ length: powers }, (_, i) => low + i).flatMap((power) =>
    digits.map((digit) => Number(`${digit}e${power}`)),
  );
}
