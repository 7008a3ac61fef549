// @ts-check
// The node is driven by lines: each line of standard input is one JSON object,
// and each is answered by one JSON line, in order, with the `id` it came with.
//
//   {"id":1,"do":"mine","blocks":3,"address":"rs1…"}   address: left out, the primary wallet
//   {"id":2,"do":"wallet","wallet":"alice"}            opens or makes it, tells an address
//   {"id":3,"do":"send","wallet":"alice","value":5e6}  or "address"; "from": left out, primary
//   {"id":4,"do":"tip"}
//   {"id":5,"do":"reset","height":1}                   throws away the blocks above
//   {"id":6,"do":"stop"}
//
//   {"id":1,"result":{"height":3,"hashes":["…","…","…"]}}
//   {"id":1,"error":"blocks: 0 is not a whole number of at least 1"}
//
// Coins from mining can be spent two blocks later: mine three before the first send.

/** @typedef {import("./regtest.mjs").Regtest} Regtest */
/** @typedef {Record<string, any>} Command */

/**
 * @param {Command} command
 * @param {string} name
 * @param {number} least
 */
function wholeNumber(command, name, least) {
  const value = command[name];
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(
    `${name}: ${JSON.stringify(value)} is not a whole number of at least ${least}`,
  );
}

/**
 * @param {Command} command
 * @param {string} name
 */
function text(command, name) {
  const value = command[name];
  if (typeof value === "string" && value !== "") return value;
  throw new Error(
    `${name}: ${JSON.stringify(value)} is not a string that says something`,
  );
}

/** @type {Record<string, (node: Regtest, command: Command) => any>} */
const commands = {
  mine: (node, command) =>
    node.mine(
      wholeNumber({ blocks: 1, ...command }, "blocks", 1),
      command.address === undefined ? undefined : text(command, "address"),
    ),
  wallet: (node, command) => node.wallet(text(command, "wallet")),
  send: async (node, command) =>
    node.send(
      text({ from: "primary", ...command }, "from"),
      command.address === undefined
        ? await node.address(text(command, "wallet"))
        : text(command, "address"),
      wholeNumber(command, "value", 1),
    ),
  tip: (node) => node.tip,
  reset: (node, command) => node.reset(wholeNumber(command, "height", 0)),
};

/**
 * Carries out one line and returns its answer. `stop` is the caller's own.
 *
 * @param {Regtest} node
 * @param {string} line
 * @returns {Promise<{id?: any, result?: any, error?: string, stop?: true}>}
 */
export async function control(node, line) {
  let id;
  try {
    const command = JSON.parse(line);
    if (command === null || typeof command !== "object") {
      throw new Error("a command is a JSON object");
    }
    id = command.id;
    if (command.do === "stop") return { id, result: null, stop: true };
    if (!Object.hasOwn(commands, command.do)) {
      throw new Error(
        `do: ${JSON.stringify(command.do)} is none of ${Object.keys(commands).join(", ")}, stop`,
      );
    }
    return { id, result: await commands[command.do](node, command) };
  } catch (err) {
    return { id, error: err instanceof Error ? err.message : String(err) };
  }
}
