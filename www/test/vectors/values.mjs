// @ts-check
//
// What JSON cannot say, said in JSON. A vector file holds JavaScript values in
// which these objects stand for what has no JSON form:
//
//   {"$hex": "00ff"}      a Buffer with these bytes
//   {"$same": 0}          the very Buffer that the first $hex made (by number)
//   {"$undefined": true}  undefined
//   {"$nan": true}        NaN, one of the numbers that JSON has no form for

/** @typedef {Record<string, unknown>} Tagged */

/**
 * Makes the JavaScript value that a tagged one describes.
 *
 * @param {unknown} tagged
 * @param {Buffer[]} [buffers] the Buffers made so far, for `$same`
 * @returns {unknown}
 */
export function untag(tagged, buffers = []) {
  if (tagged === null || typeof tagged !== "object") return tagged;
  if (Array.isArray(tagged)) return tagged.map((v) => untag(v, buffers));
  const object = /** @type {Tagged} */ (tagged);
  if ("$undefined" in object) return undefined;
  if ("$nan" in object) return NaN;
  if ("$same" in object) return buffers[Number(object.$same)];
  if ("$hex" in object) {
    const buffer = Buffer.from(String(object.$hex), "hex");
    buffers.push(buffer);
    return buffer;
  }
  const entries = Object.entries(object);
  return Object.fromEntries(entries.map(([k, v]) => [k, untag(v, buffers)]));
}

/**
 * Describes a JavaScript value that bsock handed out.
 *
 * @param {unknown} value
 * @returns {unknown}
 */
export function tag(value) {
  if (value === undefined) return { $undefined: true };
  if (Buffer.isBuffer(value)) return { $hex: value.toString("hex") };
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(tag);
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, tag(v)]));
}

/**
 * Describes an error. The text of a SyntaxError is the engine's, another one in
 * each version of Node, and left out; what a remote error says is kept whole.
 *
 * @param {unknown} error
 * @returns {Record<string, unknown>}
 */
export function describe(error) {
  const { name, message, type, code, reason } = /** @type {any} */ (error);
  if (error instanceof SyntaxError) return { name, message: "" };
  if (reason !== undefined) return { name, message, type, code };
  return { name, message };
}
