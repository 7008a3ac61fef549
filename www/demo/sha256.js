// @ts-check
// SHA-256 of a short message, without waiting for it.
//
// crypto.subtle would do, but it answers later and only on secure origins,
// and a reducer cannot wait. FIPS 180-4, section 6.2.

/**
 * The first 32 bits of the fractional parts of a root of the first n primes.
 *
 * @param {number} n
 * @param {number} power 1/2 for the initial state, 1/3 for the constants
 * @returns {Uint32Array}
 */
function fractions(n, power) {
  const out = new Uint32Array(n);
  let found = 0;
  for (let k = 2; found < n; k++) {
    let prime = true;
    for (let d = 2; d * d <= k; d++) if (k % d === 0) prime = false;
    if (prime) out[found++] = (k ** power % 1) * 2 ** 32;
  }
  return out;
}

const INITIAL = fractions(8, 1 / 2);
const CONSTANTS = fractions(64, 1 / 3);

/** @param {number} x @param {number} n */
const rotate = (x, n) => (x >>> n) | (x << (32 - n));

/**
 * @param {Uint8Array} message
 * @returns {DataView} the message, one bit, zeros and its length in bits
 */
function pad(message) {
  const size = ((message.length + 8) >> 6) * 64 + 64;
  const bytes = new Uint8Array(size);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(size - 4, message.length * 8);
  return view;
}

/**
 * @param {DataView} view
 * @param {number} offset of a chunk of 64 bytes
 * @returns {Uint32Array}
 */
function schedule(view, offset) {
  const w = new Uint32Array(64);
  for (let i = 0; i < 16; i++) w[i] = view.getUint32(offset + i * 4);
  for (let i = 16; i < 64; i++) {
    const a = w[i - 15];
    const b = w[i - 2];
    const s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3);
    const s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  return w;
}

/**
 * @param {Uint32Array} state
 * @param {Uint32Array} w
 */
function compress(state, w) {
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const choice = (e & f) ^ (~e & g);
    const t1 = (h + s1 + choice + CONSTANTS[i] + w[i]) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    [h, g, f, e, d, c, b, a] = [
      g,
      f,
      e,
      (d + t1) | 0,
      c,
      b,
      a,
      (t1 + s0 + majority) | 0,
    ];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] += word));
}

/**
 * @param {Uint8Array} message shorter than 2^29 bytes
 * @returns {Uint8Array} 32 bytes
 */
export function sha256(message) {
  const view = pad(message);
  const state = INITIAL.slice();
  for (let at = 0; at < view.byteLength; at += 64)
    compress(state, schedule(view, at));
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => digest.setUint32(i * 4, word));
  return new Uint8Array(digest.buffer);
}
