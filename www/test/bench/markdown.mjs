// @ts-check
//
// The figures of a run as Markdown, by the names that the markers of
// PERFORMANCE.md give them. They are judged here once more, from the rounds.

import { growthOf } from "./curves.mjs";
import { figure, number, onAxis } from "./format.mjs";
import { counted, judge } from "./judge.mjs";
import { inWords as machineInWords } from "./machine.mjs";
import { defaultLimit, defaultPeer } from "./result.mjs";
import { inWords } from "./table.mjs";

/** @typedef {import("./result.mjs").Row} Row */
/** @typedef {import("./result.mjs").Target} Target */
/** @typedef {import("./table.mjs").JudgedRow} JudgedRow */
/** @typedef {import("./statistics.mjs").Spread} Spread */
/** @typedef {import("./suites/size.mjs").Table} Table */
/** @typedef {import("./report.mjs").Finished & {tables?: Table[]}} Suite */
/** @typedef {{machine: import("./machine.mjs").Machine, quick: boolean, suites: Suite[]}} Results */

/** A suite with a section of its own for what its costs grow to. */
const growing = "growth";

/**
 * @param {Results} results
 * @returns {(name: string) => string} the figures of a name
 */
export function figures(results) {
  const suites = results.suites.map((suite) => ({
    ...suite,
    rows: suite.rows.map((row) => ({ ...row, judged: judge(row) })),
  }));
  const suiteOf = (/** @type {string} */ name) => {
    const suite = suites.find((each) => each.name === name);
    if (suite && !suite.error) return suite;
    const why = suite?.error ?? "it was not run";
    throw new Error(`no figures of ${name}: ${why}; run "make bench" in whole`);
  };
  const all = suites.flatMap(({ rows }) => rows);

  /** @type {Record<string, (of: string) => string>} */
  const named = {
    sentence: () => sentence(suiteOf("page").rows),
    verdicts: () => verdicts(all),
    targets: () =>
      sections(
        suites
          .filter(({ name }) => name !== growing)
          .flatMap(({ rows }) => rows.filter(isTarget)),
      ),
    all: (of) => sections(suiteOf(of).rows),
    others: (of) => sections(suiteOf(of).rows.filter((row) => !isTarget(row))),
    curves: (of) => suiteOf(of).curves.map(curveSection).join("\n\n"),
    table: (of) => table(suiteOf("size").tables ?? [], of),
    machine: () => machine(results),
  };
  return (name) => {
    const [kind, of = ""] = name.split(" ");
    if (Object.hasOwn(named, kind)) return named[kind](of);
    const known = Object.keys(named).join(", ");
    throw new Error(`no figures are called ${kind}: say ${known}`);
  };
}

/** @param {Row} row */
function isTarget({ targets = [] }) {
  return targets.length > 0;
}

/**
 * What matters most, in one sentence.
 *
 * @param {JudgedRow[]} rows
 */
function sentence(rows) {
  const row = rows.find(({ id }) => id === "event-75b");
  const { ours, peer, limit } = row?.judged ?? {};
  if (!ours || !peer || !limit) throw new Error("event-75b was not measured");
  const [a, b, c] = [ours, peer, limit].map(({ median }) => number(median));
  return `A 75-byte event is an action in the store after ${a} µs: ${defaultPeer} takes ${b} µs for that, and plain JavaScript that only parses and dispatches ${c} µs.`;
}

/**
 * How many targets came to what, and which of them are not met.
 *
 * @param {JudgedRow[]} rows
 */
function verdicts(rows) {
  const found = rows.flatMap((row) =>
    row.judged.targets.map((each) => ({ row, ...each })),
  );
  const short = found
    .filter(({ verdict }) => verdict !== "met")
    .map(({ row, target, verdict }) => {
      const measured = /** @type {Spread} */ (measuredOf(row, target));
      return `- ${verdict}: ${row.title} (${row.group.split(":")[0]}): ${figure(measured)}, and the target is ${inWords(target)}`;
    });
  const counts = counted(rows.map(({ judged }) => judged));
  const count = `Of ${found.length} targets: ${counts}.`;
  return [count, ...(short.length ? ["", ...short] : [])].join("\n");
}

/**
 * @param {JudgedRow} row
 * @param {Target} target
 */
function measuredOf({ judged }, { of }) {
  if (of === "value") return judged.ours;
  return of === "peer" ? judged.toPeer : judged.toLimit;
}

/**
 * A table for each group, with what is to be said of it.
 *
 * @param {JudgedRow[]} rows
 */
function sections(rows) {
  if (rows.length === 0) return "None.";
  const groups = [...new Set(rows.map(({ group }) => group))];
  return groups
    .map((group) =>
      section(
        group,
        rows.filter((row) => row.group === group),
      ),
    )
    .join("\n\n");
}

/** @type {[string, (row: JudgedRow) => string][]} */
const columns = [
  ["ours", ({ judged }) => figure(judged.ours)],
  ["peer", ({ judged }) => shown(judged.peer)],
  ["limit", ({ judged }) => shown(judged.limit)],
  ["× peer", ({ judged }) => shown(judged.toPeer)],
  ["× limit", ({ judged }) => shown(judged.toLimit)],
  ["target", (row) => lines(row, ({ target }) => inWords(target))],
  ["verdict", (row) => lines(row, ({ verdict }) => verdict)],
];

/**
 * @param {string} group
 * @param {JudgedRow[]} rows
 */
function section(group, rows) {
  const full = columns.filter(([, cell]) => rows.some(cell));
  const cells = rows.map((row) => [
    [row.title, row.unit].filter(Boolean).join(", "),
    ...full.map(([, cell]) => cell(row)),
  ]);
  const said = [...namesOf(rows), ...remarks(rows)].map((line) => `- ${line}`);
  return [
    markdown([capital(group), ...full.map(([head]) => head)], cells),
    ...(said.length ? ["", ...said] : []),
  ].join("\n");
}

/** @param {Spread | undefined} spread */
function shown(spread) {
  return spread ? figure(spread) : "";
}

/**
 * @param {JudgedRow} row
 * @param {(of: JudgedRow["judged"]["targets"][0]) => string} say
 */
function lines({ judged }, say) {
  return judged.targets.map(say).join("<br>");
}

/**
 * Who the peers and the limits are, where they are not who they mostly are.
 *
 * @param {Row[]} rows
 */
function namesOf(rows) {
  const peers = rows.flatMap(({ peer, peerName = defaultPeer }) =>
    peer && peerName !== defaultPeer ? peerName : [],
  );
  const limits = rows.flatMap(({ limit, limitName = defaultLimit }) =>
    limit && limitName !== defaultLimit ? limitName : [],
  );
  return Object.entries({ peer: peers, limit: limits })
    .filter(([, names]) => names.length)
    .map(([what, names]) => `${what}: ${[...new Set(names)].join(" or ")}`);
}

/**
 * Notes, and why a target is not met; what is said of several rows, once.
 *
 * @param {JudgedRow[]} rows
 */
function remarks(rows) {
  /** @type {(row: JudgedRow) => string[]} */
  const of = ({ note, judged }) => [
    ...(note ? [note] : []),
    ...judged.targets.flatMap(({ target, verdict }) =>
      target.short && verdict !== "met"
        ? `short of ${inWords(target)}: ${target.short}`
        : [],
    ),
  ];
  return [...new Set(rows.flatMap(of))].map((said) => {
    const about = rows.filter((row) => of(row).includes(said));
    return `${about.map(({ title }) => title).join("; ")}: ${said}`;
  });
}

/** @param {import("./result.mjs").Curve} curve */
function curveSection(curve) {
  const { id, title, x, y, series, note } = curve;
  const xs = [...new Set(series.flatMap(({ points }) => points.map(([at]) => at)))]; // prettier-ignore
  const cells = xs
    .sort((a, b) => a - b)
    .map((at) => [
      onAxis(at),
      ...series.map(({ points }) => valueAt(points, at)),
    ]);
  const said = growthOf(curve).map(({ name, words }) => `- ${name}: ${words}`);
  if (note) said.push(`- ${note}`);
  return [
    `### ${capital(title)}`,
    "",
    `![${title}](performance/${id}.svg)`,
    "",
    ...(said.length ? [...said, ""] : []),
    `<details><summary>In figures: ${named(y)}</summary>`,
    "",
    markdown([named(x), ...series.map(({ name }) => name)], cells),
    "",
    "</details>",
  ].join("\n");
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

/**
 * @param {Table[]} tables
 * @param {string} id
 */
function table(tables, id) {
  const found = tables.find((each) => each.id === id);
  if (!found) throw new Error(`no table is called ${id}`);
  const cells = found.rows.map((row) =>
    row.map((cell) =>
      typeof cell === "number"
        ? cell.toLocaleString("en")
        : cell.replaceAll("github.com/bsock-wasm/bsock-wasm/", ""),
    ),
  );
  return `${found.title.replace(/\.?$/, ":")}\n\n${markdown(found.head, cells)}`;
}

/** @param {Results} results */
function machine({ machine, quick, suites }) {
  const minutes = suites.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
  const kind = quick
    ? "A quick run: few rounds, and the curves do not go to their end"
    : "A full run";
  return [
    ...machineInWords(machine).map((line) => `- ${line}`),
    `- ${kind}; it measured for ${number(minutes)} minutes.`,
  ].join("\n");
}

/** @param {string} text */
function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

/**
 * A table: the first column is words, the others stand at their right edge.
 *
 * @param {string[]} head
 * @param {string[][]} rows
 */
function markdown(head, rows) {
  const line = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const rule = head.map((_, i) => (i ? "---:" : "---"));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}
