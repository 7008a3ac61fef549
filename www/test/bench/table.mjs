// @ts-check
//
// The table of all rows, as text of 120 columns: a heading for each group, a
// line for each row, and one more for each further target of it.

import { figure } from "./format.mjs";
import { defaultLimit, defaultPeer } from "./result.mjs";

/** @typedef {import("./result.mjs").Row} Row */
/** @typedef {import("./result.mjs").Target} Target */
/** @typedef {import("./judge.mjs").Judged} Judged */
/** @typedef {Row & {judged: Judged}} JudgedRow */

const head = [
  "",
  "ours",
  "peer",
  "limit",
  "× peer",
  "× limit",
  "target",
  "verdict",
];

/** In characters, 120 together. */
const widths = [29, 13, 13, 13, 12, 12, 14, 14];

/**
 * @param {JudgedRow[]} rows
 * @returns {string[]} lines
 */
export function table(rows) {
  const groups = [...new Set(rows.map(({ group }) => group))];
  return [
    line(head),
    ...groups.flatMap((group) =>
      section(
        group,
        rows.filter((row) => row.group === group),
      ),
    ),
  ];
}

/**
 * @param {string} group
 * @param {JudgedRow[]} rows
 */
function section(group, rows) {
  return [
    "",
    group,
    ...wrap(namesOf(rows), "  "),
    ...rows.flatMap(linesOf),
    ...remarks(rows, ({ note }) => (note ? [note] : [])),
    ...remarks(rows, shortcomings),
  ];
}

/**
 * What is said of several rows is said once.
 *
 * @param {JudgedRow[]} rows
 * @param {(row: JudgedRow) => string[]} saidOf
 */
function remarks(rows, saidOf) {
  return [...new Set(rows.flatMap(saidOf))].flatMap((said) => {
    const about = rows.filter((row) => saidOf(row).includes(said));
    const titles = about.map(({ title }) => title).join("; ");
    return wrap(`${titles}: ${said}`, "  * ");
  });
}

/**
 * Why a row falls short, where it does.
 *
 * @param {JudgedRow} row
 */
function shortcomings({ judged }) {
  return judged.targets
    .filter(({ verdict }) => verdict === "short")
    .map(({ target }) => `short of ${inWords(target)}: ${target.short}`);
}

/**
 * Says who the peers and the limits are.
 *
 * @param {JudgedRow[]} rows
 */
function namesOf(rows) {
  const peers = rows
    .filter(({ peer }) => peer)
    .map(({ peerName = defaultPeer }) => peerName);
  const limits = rows
    .filter(({ limit }) => limit)
    .map(({ limitName = defaultLimit }) => limitName);
  return [
    ["peer", peers],
    ["limit", limits],
  ]
    .filter(([, names]) => names.length)
    .map(([what, names]) => `${what}: ${[...new Set(names)].join(" or ")}`)
    .join("; ");
}

/** @param {JudgedRow} row */
function linesOf({ title, unit, judged }) {
  const { ours, peer, limit, toPeer, toLimit, targets } = judged;
  const shown = [ours, peer, limit, toPeer, toLimit].map((spread) =>
    spread ? figure(spread) : "",
  );
  const [first = ["", ""], ...others] = targets.map(({ target, verdict }) => [
    inWords(target),
    verdict,
  ]);
  const name = `  ${[title, unit].filter(Boolean).join(", ")}`;
  // A title that does not fit has a line of its own.
  const fits = name.length <= widths[0];
  return [
    ...(fits ? [] : [name]),
    line([fits ? name : "", ...shown, ...first]),
    ...others.map((cells) => line(["", "", "", "", "", "", ...cells])),
  ];
}

/** @param {Target} target */
export function inWords({ of, atLeast, atMost }) {
  const bounds = [
    atLeast === undefined ? "" : `≥ ${atLeast.toLocaleString("en")}`,
    atMost === undefined ? "" : `≤ ${atMost.toLocaleString("en")}`,
  ];
  return [of === "value" ? "" : of, ...bounds].filter(Boolean).join(" ");
}

/** @param {string[]} cells */
function line(cells) {
  return cells
    .map((cell, i) => (i ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
    .join("")
    .trimEnd();
}

/**
 * @param {string} text
 * @param {string} indent
 * @param {number} [width]
 * @returns {string[]}
 */
export function wrap(text, indent, width = 118) {
  if (!text) return [];
  const lines = [indent];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last.length + word.length > width && last.trim())
      lines.push(" ".repeat(indent.length) + word + " ");
    else lines[lines.length - 1] = last + word + " ";
  }
  return lines.map((each) => each.trimEnd());
}
