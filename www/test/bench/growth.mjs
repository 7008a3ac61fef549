// @ts-check
//
// How a cost grows: the slope of the curve in log-log, where 1 is linear. It is
// taken over steps that are long enough for the noise of two points to bend it
// little. What a cost is at x = 0 makes the first steps look flat, so it is the
// last one that says where the curve is heading.

/** A slope above this is worse than linear; what is below may be noise. */
export const tooSteep = 1.15;

/** The factor in x that a step spans, at the least. */
const span = 3;

/**
 * @typedef {object} Step
 * @property {number} from
 * @property {number} to
 * @property {number} slope
 */

/**
 * @typedef {object} Growth
 * @property {number} exponent of the last step
 * @property {Step[]} steep where it is worse than linear
 */

/**
 * @param {[number, number][]} points
 * @returns {Growth | undefined} undefined where there is too little to say
 */
export function growth(points) {
  const known = points
    .filter(([x, y]) => x > 0 && y > 0)
    .sort(([a], [b]) => a - b);
  const all = steps(known);
  if (all.length === 0) return undefined;
  return { exponent: all[all.length - 1].slope, steep: joined(all) };
}

/**
 * @param {[number, number][]} points
 * @returns {Step[]}
 */
function steps(points) {
  const made = [];
  // From the end, which is what counts: what is left over is at the start.
  let last = points.length - 1;
  for (let first = last - 1; first >= 0; first--) {
    const step = between(points[first], points[last]);
    if (step.to / step.from < span) continue;
    made.unshift(step);
    last = first;
  }
  return made;
}

/**
 * @param {[number, number]} first
 * @param {[number, number]} last
 * @returns {Step}
 */
function between([from, cost], [to, more]) {
  return { from, to, slope: Math.log(more / cost) / Math.log(to / from) };
}

/**
 * The steep ones, neighbours made one.
 *
 * @param {Step[]} all
 */
function joined(all) {
  /** @type {Step[]} */
  const made = [];
  for (const step of all) {
    if (step.slope <= tooSteep) continue;
    const before = made[made.length - 1];
    if (before?.to === step.from)
      made[made.length - 1] = {
        from: before.from,
        to: step.to,
        slope: Math.max(before.slope, step.slope),
      };
    else made.push(step);
  }
  return made;
}

/**
 * @param {Growth | undefined} found
 * @param {(x: number) => string} show
 */
export function inWords(found, show) {
  if (!found) return "too few points to say how it grows";
  const end = `as x^${found.exponent.toFixed(2)} at its end`;
  if (found.steep.length === 0) return `no worse than linear, ${end}`;
  const ranges = found.steep.map(
    ({ from, to, slope }) =>
      `from ${show(from)} to ${show(to)} (up to x^${slope.toFixed(2)})`,
  );
  return `WORSE THAN LINEAR ${ranges.join(" and ")}, ${end}`;
}
