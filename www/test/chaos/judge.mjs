// @ts-check
//
// What must be true whatever was broken. The laws are:
//
//  1. Each emit ends exactly once, and a callback is called if and only if its
//     emit was acknowledged.
//  2. An emit is handed to a WebSocket at most once, and never after it ended.
//  3. It reaches the node at most once, and only if it was handed to one. One
//     that was acknowledged has reached it.
//  4. An answer is the answer to that very call.
//  5. There is at most one socket at a time, in the page and at the proxy.
//  6. Nothing comes twice on one connection.
//  7. The store's chain is the node's.
//  8. What was asked for once is heard of to the end, and the store says then
//     that the socket is connected and that nothing waits.
//  9. The page says nothing of errors that nobody caught.

/** @typedef {import("../pages/chaos-emits.mjs").Emit} Emit */

/**
 * @typedef {object} Evidence
 * @property {Emit[]} emits
 * @property {string[]} violations what the page itself has seen
 * @property {Map<number, number[]>} reached when the node was told of an emit
 * @property {import("./tap.mjs").Line[]} lines
 * @property {string[]} malformed
 * @property {string[]} storeChain
 * @property {string[]} nodeChain
 * @property {string[]} news the hashes of blocks and payments that came
 * @property {{payment: string, block: string}} last what came in the end
 * @property {{status: string, queued: number}} socket as the store has it
 * @property {string[]} noise
 */

/** How long the end of a connection may take to be seen, in milliseconds. */
const grace = 100;

/**
 * @param {Evidence} evidence
 * @returns {string[]} what was broken
 */
export function judge(evidence) {
  return [
    ...evidence.violations,
    ...evidence.emits.flatMap((emit) =>
      judgeEmit(emit, evidence.reached.get(emit.id)?.length ?? 0).map(
        (broken) => `${broken}: ${JSON.stringify(emit)}`,
      ),
    ),
    ...judgeLines(evidence.lines),
    ...evidence.malformed.map((text) => `the page sent no frame: ${text}`),
    ...judgeChain(evidence.storeChain, evidence.nodeChain),
    ...judgeEnd(evidence),
    ...evidence.noise.filter((line) => !expected.test(line)),
  ];
}

// What Chromium says of a WebSocket that fails; the page cannot silence it.
const expected = /^console\.(error|warn): WebSocket connection to '/;

/**
 * @param {Emit} emit
 * @param {number} reached
 */
function judgeEmit(emit, reached) {
  const { outcomes, acknowledged, tagged } = emit;
  const good = outcomes[0] === "acknowledged";
  /** @type {[boolean, string][]} */
  const laws = [
    [outcomes.length === 1, "an emit ended not once"],
    [
      !emit.call || acknowledged === (good ? 1 : 0),
      "a callback does not agree with its promise",
    ],
    [emit.sent <= 1, "an emit was sent twice"],
    [!emit.late, "an emit was sent after it had ended"],
    [
      outcomes[0] !== "dropped" || emit.sent === 0,
      "an emit was sent and its caller told that it was dropped",
    ],
    [reached <= 1, "an emit reached the node twice"],
    [reached <= emit.sent, "an emit reached the node and was not sent"],
    [
      !tagged || !good || reached === 1,
      "an emit was acknowledged and did not reach the node",
    ],
    [!emit.wrong, "an answer was another call's"],
  ];
  return laws.filter(([kept]) => !kept).map(([, broken]) => broken);
}

/** @param {import("./tap.mjs").Line[]} lines */
function judgeLines(lines) {
  return lines
    .slice(1)
    .filter(({ accepted }, i) => lines[i].left > accepted + grace)
    .map(({ accepted }, i) => {
      const over = lines[i].left - accepted;
      return `connection ${i + 2} came ${over} ms before the one before it had left`;
    });
}

/**
 * @param {string[]} store
 * @param {string[]} node
 */
function judgeChain(store, node) {
  const length = Math.max(store.length, node.length);
  for (let height = 0; height < length; height++)
    if (store[height] !== node[height])
      return [
        `at height ${height} the store has ${store[height]}, the node ${node[height]}`,
      ];
  return [];
}

/** @param {Evidence} evidence */
function judgeEnd({ news, last, socket: { status, queued } }) {
  const unheard = Object.entries(last).filter(
    ([, hash]) => !news.includes(hash),
  );
  return [
    ...unheard.map(([what]) => `the last ${what} was not heard of`),
    ...(status === "connected" ? [] : [`in the end the socket is ${status}`]),
    ...(queued === 0 ? [] : [`in the end ${queued} emits wait`]),
  ];
}
