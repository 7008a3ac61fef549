// @ts-check
//
// Rounds in which each subject has its turn, so that what else the machine does
// hits all of them alike.

/**
 * @template Value
 * @param {string[]} names of the subjects
 * @param {{rounds: number, before?: number}} count rounds that are kept, and
 *   those before them, which are for everybody to have run lately
 * @param {(name: string) => Promise<Value>} run
 * @returns {Promise<Record<string, Value[]>>} what each made of each round
 */
export async function inTurn(names, { rounds, before = 1 }, run) {
  /** @type {Record<string, Value[]>} */
  const made = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -before; round < rounds; round++)
    for (const name of rotated(names, round + before)) {
      const value = await run(name);
      if (round >= 0) made[name].push(value);
    }
  return made;
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
