// @ts-check
//
// What the bench makes of its numbers: a median, and how far the middle half of
// them spreads around it.

/**
 * @typedef {object} Spread
 * @property {number} median
 * @property {number} low a quarter of the numbers is below
 * @property {number} high a quarter of the numbers is above
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
  };
}

/**
 * How many times as large, round by round: what slowed a whole round down is in
 * both numbers of it, and goes out.
 *
 * @param {number[]} these
 * @param {number[]} those
 */
export function ratio(these, those) {
  return spread(these.map((number, round) => number / those[round]));
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
