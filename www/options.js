// @ts-check

// The options that this side of the border reads. The module checks the others
// when it makes a store; listeners are checked when a store connects.

import { badOption } from "../jsbridge/create.js";
import { messageOf } from "../jsbridge/errors.js";

/**
 * Throws an Error of code BAD_OPTION.
 *
 * @param {Record<string, any>} options
 */
export function checkOptions(options) {
  if (Array.isArray(options)) {
    throw badOption(
      "the options must be an object, got an array: if these are listeners, pass { listeners }",
    );
  }
  const { bytes, action } = read(options);
  if (bytes != null && typeof bytes.from !== "function") {
    throw badOption(
      "the option Buffer must be a class like Node's, with Buffer.from(arrayBuffer, offset, length)",
    );
  }
  if (action && typeof action !== "object" && typeof action !== "function") {
    throw badOption(
      `the option disconnectedAction must be an action, got a ${typeof action}`,
    );
  }
}

/** @param {Record<string, any>} options whose getters may throw */
function read(options) {
  try {
    return { bytes: options.Buffer, action: options.disconnectedAction };
  } catch (error) {
    throw badOption(`the options cannot be read: ${messageOf(error)}`);
  }
}
