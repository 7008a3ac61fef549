// @ts-check
//
// What a suite of the bench hands in. Numbers are raw, one for each round, and
// rounds of the same index were run side by side: what they come to is decided
// in judge.mjs, for all suites alike.

/**
 * @typedef {object} Context
 * @property {boolean} quick for a look, within the two minutes of all suites
 * @property {(line: string) => void} say what happens now, for who waits
 *
 * @typedef {object} Result
 * @property {Row[]} rows
 * @property {Curve[]} [curves]
 *
 * A Row is one line of the table.
 *
 * @typedef {object} Row
 * @property {string} id stable, in kebab case
 * @property {string} group the heading above it
 * @property {string} title
 * @property {string} unit
 * @property {"less" | "more"} better
 * @property {number[]} ours one number for each round, or a single one
 * @property {number[]} [peer] of the same rounds
 * @property {string} [peerName]
 * @property {number[]} [limit] of the same rounds
 * @property {string} [limitName]
 * @property {Target[]} [targets] where there is none, the row is only told
 * @property {string} [note] shown below the table
 *
 * A Target is held to the peer, to the limit, or to a value. `atLeast` of a peer
 * or a limit says how many times as good ours must be: 5 is a fifth of the time,
 * or five times the events; 0.5 of the limit is at most twice its time.
 *
 * @typedef {object} Target
 * @property {"peer" | "limit" | "value"} of
 * @property {number} [atLeast]
 * @property {number} [atMost] of a value alone
 * @property {string} [short] why the target is not met, where that is known: it
 *   is told, and the run does not fail for it
 * @property {number} [known] how far it is met all the same: what is worse than
 *   that is missed
 *
 * A Curve is how cost grows. Where `growth` is true, y is the cost of the whole
 * of x, and it is judged whether it grows faster than x.
 *
 * @typedef {object} Curve
 * @property {string} id
 * @property {string} title
 * @property {Axis} x
 * @property {Axis} y
 * @property {{name: string, points: [number, number][]}[]} series of medians
 * @property {boolean} [growth]
 * @property {string} [note]
 *
 * @typedef {object} Axis
 * @property {string} title
 * @property {string} [unit]
 * @property {"log" | "linear"} [scale] linear where it is not said
 */

export const defaultPeer = "bsock-middleware 1.1.5";
export const defaultLimit = "plain JavaScript";
