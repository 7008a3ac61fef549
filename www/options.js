// @ts-check

// The options that this side of the border reads. The module checks the others
// when it makes a store; listeners are checked when a store connects.

import { makeError } from "../jsbridge/host.js";

/**
 * Throws an Error of code BAD_OPTION.
 *
 * @param {Record<string, any>} options
 */
export function checkOptions(options) {
  if (Array.isArray(options)) {
    throw wrong(
      "the options must be an object, got an array: if these are listeners, pass { listeners }",
    );
  }
  const { Buffer: bytes, disconnectedAction: action } = options;
  if (bytes != null && typeof bytes.from !== "function") {
    throw wrong(
      "the option Buffer must be a class like Node's, with Buffer.from(arrayBuffer, offset, length)",
    );
  }
  if (action && typeof action !== "object" && typeof action !== "function") {
    throw wrong(
      `the option disconnectedAction must be an action, got a ${typeof action}`,
    );
  }
}

/** @param {string} problem */
function wrong(problem) {
  return makeError({
    message: `bsockMiddleware: ${problem}.`,
    name: "TypeError",
    code: "BAD_OPTION",
  });
}
