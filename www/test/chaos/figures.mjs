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
 * What a caller cannot know of an emit that was lost or took too long: whether
 * it was carried out. It may have been on its way when the caller gave up.
 *
 * @param {{emits: import("./judge.mjs").Emit[], reached: Map<number, number[]>}} evidence
 */
function inDoubt({ emits, reached }) {
  const doubtful = emits.filter(
    ({ outcomes: [outcome], sent }) =>
      sent > 0 && (outcome === "lost" || outcome === "timed out"),
  );
  const late = doubtful.map(
    ({ id, ended }) => (reached.get(id)?.[0] ?? NaN) - ended,
  );
  const arrived = late.filter((ms) => !Number.isNaN(ms));
  const after = arrived.filter((ms) => ms > 0);
  return (
    `${doubtful.length} had been sent when they were lost or timed out; ${arrived.length} of them reached ` +
    `the node, ${after.length} when their callers had given up (${medianAndMost(after)})`
  );
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
    `in doubt:  ${inDoubt(evidence)}`,
    `errors:    ${list(errors)}`,
    `blocks:    ${evidence.nodeChain.length - 1} mined, ${chain.live} taken live, ${chain.fetched} fetched`,
    `payments:  ${evidence.coinsSent} made`,
    `time:      ${seconds.toFixed(1)} s`,
  ];
}
