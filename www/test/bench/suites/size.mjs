// @ts-check
//
// What the module weighs, beside the least that Go can make, and by package. It
// is the build tool that weighs, and that has the budget.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** @typedef {import("../result.mjs").Row} Row */

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/**
 * What `build size -json` prints, in bytes.
 *
 * @typedef {object} Report
 * @property {string} go
 * @property {number} budget
 * @property {Weight[]} ladder from an empty program to ours
 * @property {string} method
 * @property {Share[]} packages
 * @property {string[]} interface
 *
 * @typedef {{title: string, raw: number, gzip: number, brotli: number}} Weight
 *
 * @typedef {object} Share
 * @property {string} package
 * @property {number} raw
 * @property {number} code
 * @property {number} brotli
 * @property {number} withSafejs
 * @property {string[]} [chain]
 */

/**
 * @param {import("../result.mjs").Context} context
 * @returns {Promise<import("../result.mjs").Result & {tables: Table[]}>}
 *
 * @typedef {object} Table
 * @property {string} id
 * @property {string} title
 * @property {string[]} head
 * @property {(string | number)[][]} rows
 */
export async function run({ say }) {
  say("weighing the module; half a minute if it has changed");
  const report = await weigh();
  return {
    rows: [
      row(report, "raw", "module, as it is"),
      row(report, "gzip", "module, gzip"),
      {
        ...row(report, "brotli", "module, brotli"),
        targets: [{ of: "value", atMost: kilobytes(report.budget) }],
      },
    ],
    tables: [ladderTable(report), packageTable(report), interfaceTable(report)],
  };
}

/** @returns {Promise<Report>} */
async function weigh() {
  const { stdout } = await promisify(execFile)(
    "go",
    ["run", "./build", "size", "-json"],
    { cwd: root, maxBuffer: 1 << 24 },
  ).catch((error) => {
    // It fails where the module is too heavy, and has said all by then.
    if (error.stdout) return error;
    throw error;
  });
  return JSON.parse(stdout);
}

/**
 * @param {Report} report
 * @param {"raw" | "gzip" | "brotli"} kind
 * @param {string} title
 * @returns {Row}
 */
function row({ go, ladder }, kind, title) {
  return {
    id: `module-${kind}`,
    group: "size",
    title,
    unit: "KB",
    better: "less",
    ours: [kilobytes(/** @type {Weight} */ (ladder.at(-1))[kind])],
    limit: [kilobytes(ladder[0][kind])],
    limitName: `an empty program of ${go}`,
  };
}

/**
 * @param {Report} report
 * @returns {Table}
 */
function ladderTable({ ladder }) {
  return {
    id: "size-ladder",
    title: "From an empty program to the module",
    head: ["program", "raw, KB", "gzip, KB", "brotli, KB"],
    rows: ladder.map(({ title, raw, gzip, brotli }) => [
      title,
      kilobytes(raw),
      kilobytes(gzip),
      kilobytes(brotli),
    ]),
  };
}

/**
 * @param {Report} report
 * @returns {Table}
 */
function packageTable({ packages, method }) {
  return {
    id: "size-packages",
    title: `What is above an empty program, by package. ${method}`,
    head: [
      "package",
      "brotli, KB",
      "raw, KB",
      "code, KB",
      "raw with safejs alone, KB",
      "by",
    ],
    rows: packages.map((share) => [
      share.package,
      kilobytes(share.brotli),
      kilobytes(share.raw),
      kilobytes(share.code),
      kilobytes(share.withSafejs),
      (share.chain ?? []).join(" → "),
    ]),
  };
}

/**
 * @param {Report} report
 * @returns {Table}
 */
function interfaceTable(report) {
  return {
    id: "module-interface",
    title: "What the module imports and exports",
    head: ["import or export"],
    rows: report.interface.map((line) => [line]),
  };
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return Math.round(bytes / 100) / 10;
}
