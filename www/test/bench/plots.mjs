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
  legend: { labelFontSize: 12, titleFontSize: 12, labelLimit: 400 },
  header: { labelFontSize: 12 },
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
 * A bar for each row that has a peer: how many times as good ours is.
 *
 * @param {JudgedRow[]} rows
 */
export function ratios(rows) {
  const bars = rows.flatMap(bar);
  const labels = bars.map(({ label }) => label);
  const y = {
    field: "label",
    type: "nominal",
    sort: labels,
    axis: { title: null, labelLimit: 330, domain: false, ticks: false },
  };
  const x = {
    field: "ratio",
    type: "quantitative",
    scale: { type: "log" },
    title: "times as good as the peer, on a scale of logarithms",
  };
  return draw({
    title: "Beside what it replaces; the mark is the target",
    width: width - 360,
    height: { step: 24 },
    autosize: { type: "pad" },
    data: { values: bars },
    layer: [
      {
        mark: { type: "bar", height: { band: 0.6 } },
        encoding: {
          y,
          x: { ...x, scale: { type: "log", domainMin: 0.5 } },
          x2: { datum: 1 },
          color: {
            field: "good",
            type: "nominal",
            legend: null,
            scale: { domain: [true, false], range: [colours[0], colours[1]] },
          },
        },
      },
      {
        mark: { type: "text", align: "left", dx: 5, fontSize: 12 },
        encoding: { y, x, text: { field: "shown" } },
      },
      {
        transform: [{ filter: "isValid(datum.target)" }],
        mark: { type: "tick", thickness: 3, color: "#111", bandSize: 20 },
        encoding: { y, x: { ...x, field: "target" } },
      },
    ],
  });
}

/** @param {JudgedRow} row */
function bar({ group, title, judged, targets = [], peerName = defaultPeer }) {
  const { toPeer } = judged;
  if (!toPeer) return [];
  const target = targets.find(({ of }) => of === "peer")?.atLeast;
  return [
    {
      label: `${title} (${group}, ${peerName})`,
      ratio: toPeer.median,
      shown: `${toPeer.median.toPrecision(3)}×`,
      good: toPeer.median >= (target ?? 1),
      target,
    },
  ];
}

/** @param {Curve} curve */
export function plot({ title, x, y, series }) {
  const names = series.map(({ name }) => name);
  const values = series.flatMap(({ name, points }) =>
    points.map(([x, y]) => ({ name, x, y })),
  );
  return draw({
    title,
    width: width - 90,
    height: 320,
    data: { values },
    mark: { type: "line", point: { size: 40 }, strokeWidth: 2 },
    encoding: {
      x: axis("x", x, values),
      y: axis("y", y, values),
      color: {
        field: "name",
        type: "nominal",
        sort: names,
        scale: { domain: names, range: colours },
        legend: { title: null, orient: "top", direction: "horizontal" },
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
  // A logarithm knows no 0, which a queue or a growth may well have.
  const least = Math.min(...values.map((each) => each[field]));
  const type = scale === "log" && least <= 0 ? "symlog" : scale;
  return {
    field,
    type: "quantitative",
    title: unit ? `${title}, ${unit}` : title,
    scale: { type, nice: field === "y", zero: scale === "linear" },
    axis: { format: scale === "log" ? "~s" : ",", tickCount: 8 },
  };
}
