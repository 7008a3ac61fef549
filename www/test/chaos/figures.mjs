// @ts-check
//
// What a run comes to, in lines for people.

/** @param {string[]} names */
function count(names) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** @param {Record<string, number>} counts */
function list(counts) {
  return Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, n]) => `${name} ${n}`)
    .join(", ");
}

/** @param {number[]} values */
function medianAndMost(values) {
  if (values.length === 0) return "none";
  const sorted = values.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  return `median ${Math.round(median)} ms, longest ${Math.round(sorted[sorted.length - 1])} ms`;
}

/**
 * @param {import("./plan.mjs").Fault[]} planned
 * @param {any} evidence
 * @param {number} seconds
 * @returns {string[]}
 */
export function figures(planned, evidence, seconds) {
  const { emits, chain, errors } = evidence;
  const gaps = evidence.gaps.map((/** @type {{gap: number}} */ { gap }) => gap);
  const outcomes = emits.map(
    (/** @type {{outcomes: string[]}} */ { outcomes }) => outcomes.join("+"),
  );
  return [
    `faults:    ${planned.length} (${list(count(planned.map(({ kind }) => kind)))})`,
    `sockets:   ${evidence.lines.length} opened, ${gaps.length} reconnections`,
    `gaps:      ${medianAndMost(gaps)}`,
    `emits:     ${emits.length} (${list(count(outcomes))})`,
    `errors:    ${list(errors)}`,
    `blocks:    ${evidence.nodeChain.length - 1} mined, ${chain.live} taken live, ${chain.fetched} fetched`,
    `payments:  ${evidence.coinsSent} made`,
    `time:      ${seconds.toFixed(1)} s`,
  ];
}
