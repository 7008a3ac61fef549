// @ts-check

// What a listener answers to a call of the server's: a value, or what a
// function makes of the call, now or later.

import { isTooLarge, MAX_FRAME } from "./action.js";
import { messageOf } from "./errors.js";
import { ackBytes, encode } from "./payload.js";

/** The answer to one call. */
export class Answer {
  /**
   * @param {import("./store.js").Store} store
   * @param {number} call its number
   */
  constructor(store, call) {
    this._store = store;
    this._module = store.module;
    this._call = call;
    this._plain = store.emits.plain; // as it is when the call comes
  }

  /**
   * @param {unknown} ack of the listener
   * @param {unknown[]} values the arguments of the call
   * @returns {number} as Listeners.answer
   */
  to(ack, values) {
    try {
      if (typeof ack !== "function") {
        return this._keep(bytesOf(ack) ?? ack);
      }
      const result = ack(...values);
      if (typeof result?.then !== "function") {
        return this._keep(result);
      }
      Promise.resolve(result).then(
        (value) => this._module.enter(() => this._give(value)),
        (error) => this._module.enter(() => this._refuse(error)),
      );
    } catch (error) {
      // Go is told when it is done with asking.
      queueMicrotask(() => this._module.enter(() => this._refuse(error)));
    }
    return 0;
  }

  /**
   * @param {unknown} value
   * @returns {number} the number of its body, behind that of its attachments
   */
  _keep(value) {
    const body = encode(this._plain ? [value] : [null, value]);
    if (isTooLarge(body)) {
      throw new RangeError(
        `The answer makes a frame above the limit of ${MAX_FRAME} bytes.`,
      );
    }
    body.answer = true;
    const ref = this._module.bodies.keep(body);
    return body.attachments.length * 2 ** 32 + ref;
  }

  /** @param {unknown} value */
  _give(value) {
    let kept;
    try {
      kept = this._keep(value);
    } catch (error) {
      this._refuse(error);
      return;
    }
    const ref = kept % 2 ** 32;
    this._module.guest.handleAnswer(
      this._store.number,
      this._call,
      ref,
      (kept - ref) / 2 ** 32,
    );
  }

  /** @param {unknown} error */
  _refuse(error) {
    this._module.guest.handleAnswerError(
      this._store.number,
      this._call,
      fieldsOf(error),
    );
  }
}

/**
 * The bytes of a listener's ack that has some. Strings and arrays have.
 * bsock-middleware: Buffer.from(ack)
 *
 * @param {unknown} ack
 */
function bytesOf(ack) {
  try {
    return ackBytes(ack);
  } catch {
    return null; // an array of what has no number, such as a BigInt
  }
}

/**
 * What the server is told of an error, and nothing else: bsock's own fields.
 * bsock: lib/packet.js setError
 *
 * @param {any} error anything that can be thrown
 * @returns {{message: string, name: string, type: string, code: string, codeIsNumber: boolean}}
 */
function fieldsOf(error) {
  const said = { message: messageOf(error), name: "", type: "", code: "" };
  let codeIsNumber = false;
  try {
    const { name, type, code } = error;
    said.name = typeof name === "string" ? name : "";
    said.type = typeof type === "string" ? type : "";
    codeIsNumber = typeof code === "number" && Number.isFinite(code);
    said.code = codeIsNumber || typeof code === "string" ? String(code) : "";
  } catch {
    // No object, or one with getters that throw.
  }
  return { ...said, codeIsNumber };
}
