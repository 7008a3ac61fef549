// @ts-check
//
// Numbers as people read them: as many digits as say something.

/** @typedef {import("./statistics.mjs").Spread} Spread */

/**
 * A number in three digits, or in more where it is large.
 *
 * @param {number} n
 * @returns {string}
 */
export function number(n) {
  const size = Math.abs(n);
  if (n === 0 || size >= 100) return Math.round(n).toLocaleString("en");
  if (size < 0.001) return n.toExponential(1);
  return n.toFixed(Math.min(4, 2 - Math.floor(Math.log10(size))));
}

/**
 * A median and its noise: half of what the middle half of the rounds spans.
 *
 * @param {Spread} spread
 */
export function figure(spread) {
  const { median, rounds } = spread;
  if (rounds === 1 || median === 0) return number(median);
  return `${number(median)} ±${noise(spread)}%`;
}

/**
 * Rounded up: nothing here is without noise.
 *
 * @param {Spread} spread
 */
function noise({ median, low, high }) {
  return Math.ceil(Math.abs((high - low) / 2 / median) * 100);
}

/**
 * A value of x: a size or a count is shown whole.
 *
 * @param {number} n
 */
export function onAxis(n) {
  return Number.isInteger(n) ? n.toLocaleString("en") : number(n);
}
