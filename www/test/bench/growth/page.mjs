// @ts-check
//
// The growth suite's half in the page: it gives each subject a frame, and has
// them run in turn, so that what else the machine does hits all of them alike.

/** @typedef {typeof import("./frame.mjs")} Frame */

/**
 * @typedef {object} Effort
 * @property {number} rounds at most
 * @property {number} least of them, for who is patient enough
 * @property {number} budget for the rounds of a point, in milliseconds
 * @property {number} warming for each subject before the first round, in
 *   milliseconds
 * @property {number} patience a run that takes longer is the last of its subject
 */

/** @type {Record<string, Frame>} */
const frames = {};

/** @param {string} subject */
async function frameOf(subject) {
  if (frames[subject]) return frames[subject];
  const frame = document.createElement("iframe");
  frame.src = `/frame?subject=${subject}`;
  document.body.append(frame);
  await new Promise((resolve) => {
    frame.onload = resolve;
  });
  frames[subject] = await /** @type {any} */ (frame.contentWindow).frame;
  return frames[subject];
}

/**
 * One point of a curve.
 *
 * @param {string} curve
 * @param {number} x
 * @param {string[]} subjects
 * @param {Effort} effort
 * @returns {Promise<Record<string, number[]>>} microseconds for a unit by
 *   subject, one for each round
 */
export async function point(curve, x, subjects, effort) {
  /** @type {Record<string, number[]>} */
  const numbers = {};
  /** @type {{subject: string, run: () => Promise<number>, end: () => void}[]} */
  const runners = [];
  let cost = 0;
  for (const subject of subjects) {
    const bench = await (await frameOf(subject)).prepare(curve, x);
    const { last, took } = await warmUp(bench.run, effort.warming);
    numbers[subject] = took > effort.patience ? [last] : [];
    if (took > effort.patience) bench.end();
    else runners.push({ subject, ...bench });
    cost += took;
  }
  const rounds = Math.max(
    effort.least,
    Math.min(effort.rounds, Math.floor(effort.budget / cost)),
  );
  for (let round = 0; round < rounds; round++)
    for (let i = 0; i < runners.length; i++) {
      const { subject, run } = runners[(i + round) % runners.length];
      numbers[subject].push(await run());
    }
  for (const { end } of runners) end();
  return numbers;
}

/**
 * @param {() => Promise<number>} run
 * @param {number} ms
 * @returns {Promise<{last: number, took: number}>} what the last run has said,
 *   and how long it has taken in all
 */
async function warmUp(run, ms) {
  const start = performance.now();
  for (let runs = 1; ; runs++) {
    const began = performance.now();
    const last = await run();
    const now = performance.now();
    // Some become twice as fast in their third run, however long they take.
    const enough = runs > 3 ? ms : 4 * ms;
    if (now - start >= enough) return { last, took: now - began };
  }
}

/** How large the module's memory is, in bytes. */
export async function moduleMemory() {
  return (await frameOf("ours")).moduleMemory();
}

/**
 * @param {"sockets" | "calls" | "others"} what
 * @param {number} count
 */
export async function hold(what, count) {
  await (await frameOf("ours")).hold(what, count);
}

export async function letGo() {
  await (await frameOf("ours")).letGo();
}
