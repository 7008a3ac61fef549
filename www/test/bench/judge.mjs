// @ts-check
//
// What the numbers of a row come to, and whether they are good enough. A target
// is met by the median, and missed only if even the better quartile of the
// rounds falls short of it; between the two lies the noise. What is known to
// fall short, and why, is said to do so instead, and fails nothing.

import { ratio, spread } from "./statistics.mjs";

/** @typedef {import("./result.mjs").Row} Row */
/** @typedef {import("./result.mjs").Target} Target */
/** @typedef {import("./statistics.mjs").Spread} Spread */
/** @typedef {"met" | "within noise" | "short" | "MISSED"} Verdict */

/** @type {Verdict[]} from good to bad */
const verdicts = ["met", "within noise", "short", "MISSED"];

/**
 * @typedef {object} Judged
 * @property {Spread} ours
 * @property {Spread} [peer]
 * @property {Spread} [limit]
 * @property {Spread} [toPeer] how many times as good as the peer
 * @property {Spread} [toLimit]
 * @property {{target: Target, verdict: Verdict}[]} targets
 */

/**
 * @param {Row} row
 * @returns {Judged}
 */
export function judge(row) {
  check(row);
  const { ours, peer, limit, targets = [] } = row;
  const judged = {
    ours: spread(ours),
    ...(peer && { peer: spread(peer), toPeer: timesAsGood(row, peer) }),
    ...(limit && { limit: spread(limit), toLimit: timesAsGood(row, limit) }),
  };
  const measured = {
    value: judged.ours,
    peer: judged.toPeer,
    limit: judged.toLimit,
  };
  return {
    ...judged,
    targets: targets.map((target) => ({
      target,
      verdict: verdict(
        /** @type {Spread} */ (measured[target.of]),
        target,
        `${row.id} has a target of its ${target.of}, which was not measured, or as 0`,
      ),
    })),
  };
}

/**
 * @param {Row} row
 * @param {number[]} other
 * @returns {Spread | undefined} of nothing, nothing is a multiple
 */
function timesAsGood({ ours, better }, other) {
  if (Math.min(...ours, ...other) <= 0) return undefined;
  return better === "less" ? ratio(other, ours) : ratio(ours, other);
}

/**
 * @param {Spread | undefined} measured
 * @param {Target} target
 * @param {string} otherwise
 * @returns {Verdict}
 */
function verdict(measured, { atLeast, atMost, short, known }, otherwise) {
  if (!measured) throw new Error(otherwise);
  const { median, low, high } = measured;
  const holds = (/** @type {number} */ n) =>
    (atLeast === undefined || n >= atLeast) &&
    (atMost === undefined || n <= atMost);
  if (holds(median)) return "met";
  if (holds(low) || holds(high)) return "within noise";
  if (short === undefined) return "MISSED";
  const worse =
    known !== undefined && (atMost === undefined ? high < known : low > known);
  return worse ? "MISSED" : "short";
}

/** @param {Row} row */
function check({ id, ours, peer = [], limit = [], targets = [] }) {
  if (ours.length === 0) throw new Error(`${id} has no number of ours`);
  const odd = [...ours, ...peer, ...limit].find((n) => !Number.isFinite(n));
  if (odd !== undefined) throw new Error(`${id} has ${odd} for a number`);
  for (const { of, atLeast, atMost, short } of targets) {
    if (
      of === "value" ? !says(atLeast, atMost) : !says(atLeast) || says(atMost)
    )
      throw new Error(`${id} has a target of its ${of} that says nothing`);
    if (short === "")
      throw new Error(`${id} falls short: say why, or leave out short`);
  }
}

/** @param {(number | undefined)[]} bounds */
function says(...bounds) {
  return bounds.some((bound) => bound !== undefined);
}

/** @param {Judged} judged */
export function isMissed({ targets }) {
  return targets.some((each) => each.verdict === "MISSED");
}

/**
 * How many targets came to what.
 *
 * @param {Judged[]} all
 * @returns {string} "3 met, 1 within noise, 0 short, 0 MISSED"
 */
export function counted(all) {
  const found = all.flatMap(({ targets }) => targets);
  return verdicts
    .map((name) => `${found.filter((f) => f.verdict === name).length} ${name}`)
    .join(", ");
}
