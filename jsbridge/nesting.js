// @ts-check

// JSON that is meant to hurt. 80 MB of brackets take an engine's parser 20
// seconds, 30 MB of empty arrays a gigabyte; in both cases the page is dead for
// as long. A look at the text beforehand costs a nanosecond or two a letter, and
// is not taken where a text is too short for harm.

/** From where on a text is looked at, in letters. */
const LARGE = 1 << 16;

/**
 * How deep arrays and objects may nest. It is the bound of json.go, which reads
 * what is not left to the page.
 */
const MAX_DEPTH = 10000;

/**
 * How many arrays and objects there may be: as JSON as dense as can be, about a
 * quarter of a second and 200 MB.
 */
const MAX_CONTAINERS = 1 << 22;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b; // { and, but for one bit, [
const CLOSE = 0x7d; // } and, but for one bit, ]
const BRACE = 0x20; // that bit

/**
 * Throws a SyntaxError if a text is JSON of the hurtful kind. What is wrong with
 * it otherwise is for the parser to find.
 *
 * @param {string} json
 */
export function checkNesting(json) {
  if (json.length <= LARGE) {
    return;
  }
  let depth = 0;
  let containers = 0;
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i);
    if (code === QUOTE) {
      i = endOfString(json, i);
    } else if ((code | BRACE) === OPEN) {
      depth++;
      containers++;
      if (depth > MAX_DEPTH || containers > MAX_CONTAINERS) {
        throw new SyntaxError("JSON with too many arrays and objects.");
      }
    } else if ((code | BRACE) === CLOSE) {
      depth--;
    }
  }
}

/**
 * Where the string ends that begins at start, or the text if it does not.
 *
 * @param {string} json
 * @param {number} start
 */
function endOfString(json, start) {
  let end = json.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(json, end)) {
    end = json.indexOf('"', end + 1);
  }
  return end < 0 ? json.length : end;
}

/**
 * @param {string} json
 * @param {number} place of a quote
 */
function isEscaped(json, place) {
  let first = place;
  while (json.charCodeAt(first - 1) === BACKSLASH) {
    first--;
  }
  return (place - first) % 2 === 1;
}
