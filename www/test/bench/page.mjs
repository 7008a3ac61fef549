// @ts-check
//
// The bench's half in the page: it gives each subject a frame and has them run
// in turn, so that what else the machine does hits all of them alike.

/** @typedef {typeof import("./frame.mjs")} Frame */
/** @typedef {Record<string, number[]>} Numbers by subject, one a round */

/**
 * @param {string} query of frame.mjs
 * @returns {Promise<Frame>}
 */
async function openFrame(query) {
  const frame = document.createElement("iframe");
  frame.src = `/frame?${query}`;
  document.body.append(frame);
  await new Promise((resolve) => {
    frame.onload = resolve;
  });
  return /** @type {any} */ (frame.contentWindow).frame;
}

/**
 * Times cases over a fake WebSocket.
 *
 * @param {string[]} names of cases
 * @param {string[]} subjects
 * @param {number} rounds
 * @returns {Promise<Record<string, Numbers>>} microseconds for one operation,
 *   by case
 */
export async function overFakeSocket(names, subjects, rounds) {
  /** @type {Record<string, Frame>} */
  const frames = {};
  for (const name of subjects)
    frames[name] = await openFrame(`subject=${name}`);
  /** @type {Record<string, Numbers>} */
  const timings = {};
  for (const name of names)
    timings[name] = await inTurn(subjects, rounds, (subject) =>
      frames[subject].runnerOf(name),
    );
  return timings;
}

/**
 * Counts how many events a second come from a server on this machine.
 *
 * @param {string[]} subjects
 * @param {number} port of bench/sender.mjs
 * @param {number} rounds
 * @param {number} events in one round
 * @returns {Promise<Numbers>} events a second
 */
export function overLoopback(subjects, port, rounds, events) {
  return inTurn(subjects, rounds, async (subject) => {
    const frame = await openFrame(`subject=${subject}&port=${port}`);
    return frame.receiverOf(events);
  });
}

/**
 * @param {string[]} subjects
 * @param {number} rounds
 * @param {(subject: string) => Promise<() => Promise<number>>} prepare
 * @returns {Promise<Numbers>}
 */
async function inTurn(subjects, rounds, prepare) {
  /** @type {Record<string, () => Promise<number>>} */
  const run = {};
  /** @type {Numbers} */
  const numbers = {};
  for (const subject of subjects) {
    run[subject] = await prepare(subject);
    numbers[subject] = [];
  }
  for (let round = -1; round < rounds; round++)
    for (const subject of rotated(subjects, round + 1)) {
      const number = await run[subject]();
      // The first round is for everybody to have run once since the others.
      if (round >= 0) numbers[subject].push(number);
    }
  return numbers;
}

// Nobody is always first, or always after the same one.
/**
 * @param {string[]} list
 * @param {number} by
 */
function rotated(list, by) {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}
