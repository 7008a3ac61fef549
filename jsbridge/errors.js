// @ts-check

// Errors as the application sees them, and what is done with what it throws.

import { shownEmit } from "./secret.js";

/**
 * Gives the page back what it threw, as uncaught.
 *
 * @param {unknown} thrown
 */
export function rethrow(thrown) {
  setTimeout(() => {
    throw thrown;
  });
}

/**
 * @param {{message: string, name?: string, type?: string, code?: string | number}} fields
 * @param {import("./waiting.js").Waiting | null} [waiting] whoever the error is about
 * @returns {Error}
 */
export function makeError({ message, name, type, code }, waiting) {
  const error = /** @type {Error & Record<string, unknown>} */ (
    new Error(message)
  );
  if (name) {
    error.name = name;
  }
  if (type) {
    error.type = type;
  }
  if (code !== undefined && code !== "") {
    error.code = code;
  }
  if (waiting?.isEmit) {
    error.emit = shownEmit(waiting.fields);
  }
  return error;
}

/**
 * What SOCKET_ERROR carries: the error, or with the option `plainErrors` an
 * object of its fields, as Redux Toolkit wants everything in an action.
 *
 * @param {Error} error
 * @param {{plainErrors?: boolean}} [options]
 * @returns {any}
 */
export function errorAction(error, options) {
  if (!options?.plainErrors) {
    return { type: "SOCKET_ERROR", payload: error };
  }
  const { name, message, code, type, emit } =
    /** @type {Error & Record<string, any>} */ (error);
  /** @type {Record<string, unknown>} */
  const payload = { name, message };
  for (const [key, value] of Object.entries({ code, type, emit })) {
    if (value !== undefined) {
      payload[key] = value;
    }
  }
  return { type: "SOCKET_ERROR", payload };
}

/**
 * @param {unknown} error anything that can be thrown
 * @returns {string}
 */
export function messageOf(error) {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return "something that has no text";
  }
}

/**
 * The error for a page whose policy forbids WebAssembly, if that is what the
 * engine says. Most refuse to compile, WebKit refuses to instantiate.
 *
 * @param {unknown} error of the engine
 * @returns {Error | null}
 */
export function forbidden(error) {
  const message = messageOf(error);
  if (!/content security policy|unsafe-eval|blocked by csp/i.test(message)) {
    return null;
  }
  return makeError({
    message: `The page's Content-Security-Policy forbids WebAssembly: add 'wasm-unsafe-eval' to its script-src. (${message})`,
    code: "CSP_BLOCKED",
  });
}
