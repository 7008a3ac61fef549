// @ts-check
//
// Transcripts as bsock/bsocktest reads them, and what is compared of them.

/**
 * A Block is one step of a transcript.
 *
 * @typedef {object} Block
 * @property {string} title its comment; a block without one has a number more
 *   than the last
 * @property {string[]} lines what is done
 * @property {string[]} output what must come out
 */

/**
 * @param {string} text
 * @returns {Block[]}
 */
export function parse(text) {
  /** @type {Block[]} */
  const blocks = [];
  let [title, part] = ["", 1];
  for (const block of text.trim().split("\n\n")) {
    const lines = block.split("\n");
    const comments = lines.filter(isComment);
    if (comments.length > 0)
      [title, part] = [comments.join(" ").replace(/^# /, ""), 1];
    const at = lines.indexOf("----");
    if (at < 0) continue; // a comment that stands alone
    blocks.push({
      title: part > 1 ? `${title} (${part})` : title,
      lines: lines.slice(0, at).filter((line) => !isComment(line)),
      output: lines.slice(at + 1),
    });
    part++;
  }
  return blocks;
}

/** @param {string} line */
function isComment(line) {
  return line.startsWith("#");
}

const ofPromises = /^(settle|reject) /;

// Bodies and alarms; that the console is told of wrong options; and a WebSocket
// that is closing is not even asked.
const unseen = /^(\d+ bodies$|alarm in |no alarm$|log bsock-wasm: |lose )/;

/**
 * Puts the lines of promises behind the others, by their numbers: a promise tells
 * in a task of its own what the machine behind it knew before. What a page cannot
 * see is left out; of an error, which emit it is about, and that its name was
 * said to be Error; of what is no array, that it is a string; and of bytes,
 * that nothing is in front of them.
 *
 * @param {string[]} output
 */
export function comparable(output) {
  const seen = output
    .filter((line) => !unseen.test(line))
    .map((line) =>
      line
        .replace(/ of #\d+$/, "")
        .replace(/" Error(?= |$)/, '"')
        .replace(/^send raw /, "send ")
        .replace(/(an array of .*, got )the string /, "$1"),
    );
  const number = (/** @type {string} */ line) =>
    Number(line.match(/#(\d+)/)?.[1]);
  return [
    ...seen.filter((line) => !ofPromises.test(line)),
    ...seen
      .filter((line) => ofPromises.test(line))
      .sort((a, b) => number(a) - number(b)),
  ];
}

/**
 * What an application and a server can tell two implementations apart by:
 * frames, actions and callbacks. What an engine says of JSON is its own affair.
 *
 * @param {string[]} output
 */
export function visible(output) {
  return comparable(output)
    .filter((line) => !ofPromises.test(line) && !line.startsWith("log "))
    .map((line) => line.replace(/".*" SyntaxError$/, '"…" SyntaxError'));
}

/**
 * The lines that were lost and the lines that came instead, as diff marks them.
 *
 * @param {string[]} from
 * @param {string[]} to
 */
export function difference(from, to) {
  const lengths = from.concat("").map(() => Array(to.length + 1).fill(0));
  for (let i = from.length - 1; i >= 0; i--)
    for (let j = to.length - 1; j >= 0; j--)
      lengths[i][j] =
        from[i] === to[j]
          ? lengths[i + 1][j + 1] + 1
          : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
  /** @type {string[]} */
  const marked = [];
  for (let i = 0, j = 0; i < from.length || j < to.length;)
    if (i < from.length && from[i] === to[j]) (i++, j++);
    else if (
      j >= to.length ||
      (i < from.length && lengths[i + 1][j] >= lengths[i][j + 1])
    )
      marked.push(`- ${from[i++]}`);
    else marked.push(`+ ${to[j++]}`);
  return marked;
}
