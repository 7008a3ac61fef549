// @ts-check
//
// The events that a server sends in the bench, as WebSocket messages: for the
// page that has them handed over, and for the process that sends them.

/** What the server calls each of them. */
export const eventName = "new block";

/**
 * So many different ones of each kind as keep an engine from learning one by
 * heart.
 */
export const variety = 64;

/**
 * @template Message
 * @param {(i: number) => Message} make
 */
function all(make) {
  return Array.from({ length: variety }, (_, i) => make(i));
}

/**
 * @param {string} text
 * @param {number} length
 */
function sized(text, length) {
  if (text.length !== length)
    throw new Error(`${text.length} bytes instead of ${length}: ${text}`);
  return text;
}

/** 75 bytes. */
export const small = all((i) =>
  sized(
    `42["${eventName}",{"height":${200000 + i},"hash":"${"0".repeat(32)}"}]`,
    75,
  ),
);

/** 10 KB of JSON. */
export const large = all((i) => {
  const txs = Array.from({ length: 49 }, (_, n) => ({
    hash: String(n).padStart(64, "0"),
    index: n,
    value: 5e6 + n,
    confirmed: n % 2 === 0,
    outputs: [{ address: "rs1q" + "x".repeat(38), value: n }],
  }));
  const head = `42["${eventName}",{"height":${200000 + i},"txs":`;
  const body = JSON.stringify(txs);
  const pad = 10_000 - head.length - body.length - `,"pad":""}]`.length;
  return sized(`${head}${body},"pad":"${"x".repeat(pad)}"}]`, 10_000);
});

/** What comes before the bytes of a binary event. */
export const binaryHead = `451-["${eventName}",{"_placeholder":true,"num":0}]`;

/** 1 KB, after the byte that says what it is. */
export const binary = all((i) => {
  const frame = new Uint8Array(1 + 1024).fill(i);
  frame[0] = 4;
  return frame.buffer;
});
