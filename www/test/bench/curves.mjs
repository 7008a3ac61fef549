// @ts-check
//
// A curve as a table of text, with what is to be said of its growth.

import { number, onAxis } from "./format.mjs";
import { growth, inWords } from "./growth.mjs";
import { wrap } from "./table.mjs";

/** @typedef {import("./result.mjs").Curve} Curve */

/**
 * @param {Curve} curve
 * @returns {string[]} lines
 */
export function curveTable(curve) {
  const { title, x, y, series, note } = curve;
  const xs = [...new Set(series.flatMap(({ points }) => points.map(first)))];
  xs.sort((a, b) => a - b);
  const cells = [
    [named(x), ...series.map(({ name }) => name)],
    ...xs.map((at) => [
      onAxis(at),
      ...series.map(({ points }) => valueAt(points, at)),
    ]),
  ];
  const widths = cells[0].map((_, i) =>
    Math.max(...cells.map((row) => row[i].length)),
  );
  return [
    `${title}: ${named(y)}`,
    ...cells.map((row) =>
      row
        .map((cell, i) => "  " + cell.padStart(widths[i]))
        .join("")
        .trimEnd(),
    ),
    ...growthOf(curve).flatMap(({ name, words }) =>
      wrap(`${name}: ${words}`, "  * "),
    ),
    ...wrap(note ?? "", "  * "),
  ];
}

/**
 * @param {Curve} curve
 */
export function growthOf({ growth: asked, series }) {
  if (!asked) return [];
  return series.map(({ name, points }) => {
    const found = growth(points);
    return { name, ...found, words: inWords(found, onAxis) };
  });
}

/** @param {[number, number]} point */
function first([x]) {
  return x;
}

/**
 * @param {[number, number][]} points
 * @param {number} at
 */
function valueAt(points, at) {
  const point = points.find(([x]) => x === at);
  return point ? number(point[1]) : "";
}

/** @param {import("./result.mjs").Axis} axis */
function named({ title, unit }) {
  return unit ? `${title}, ${unit}` : title;
}
