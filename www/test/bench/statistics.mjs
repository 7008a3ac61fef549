// @ts-check
//
// What the bench makes of its numbers: a median, and how far the middle half of
// them spreads around it.

/**
 * @typedef {object} Spread
 * @property {number} median
 * @property {number} low a quarter of the numbers is below
 * @property {number} high a quarter of the numbers is above
 * @property {number} rounds
 */

/**
 * @param {number[]} numbers
 * @returns {Spread}
 */
export function spread(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
    rounds: sorted.length,
  };
}

/**
 * How many times as large, round by round: what slowed a whole round down is in
 * both numbers of it, and goes out.
 *
 * @param {number[]} these
 * @param {number[]} those as many, or one for all rounds
 */
export function ratio(these, those) {
  const rounds = Math.max(these.length, those.length);
  for (const { length } of [these, those])
    if (length !== rounds && length !== 1)
      throw new Error(
        `${these.length} rounds beside ${those.length}: give one number for each of the same rounds, or a single one`,
      );
  const at = (/** @type {number[]} */ list, /** @type {number} */ i) =>
    list[list.length === 1 ? 0 : i];
  return spread(
    Array.from({ length: rounds }, (_, i) => at(these, i) / at(those, i)),
  );
}

/**
 * @param {number[]} sorted
 * @param {number} q
 */
function quantile(sorted, q) {
  const at = (sorted.length - 1) * q;
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at - Math.floor(at));
}
