// @ts-check
// Writes times, ages, amounts and hashes for people.

/** How the coins of a node are counted, by its kind. */
const COINS = {
  bcoin: { unit: "BTC", decimals: 8 },
  hsd: { unit: "HNS", decimals: 6 },
};

/** @param {number} n @param {number} width */
const pad = (n, width) => String(n).padStart(width, "0");

/**
 * @param {number} at milliseconds since 1970
 * @param {{ms?: boolean}} [options]
 * @returns {string} local time as 09:08:07, or 09:08:07.006
 */
export function clock(at, { ms = false } = {}) {
  const date = new Date(at);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()];
  const text = parts.map((n) => pad(n, 2)).join(":");
  return ms ? `${text}.${pad(date.getMilliseconds(), 3)}` : text;
}

/**
 * @param {number} at milliseconds since 1970
 * @returns {string} local date and time as 2026-01-31 09:08:07
 */
export function dateTime(at) {
  const date = new Date(at);
  const day = [date.getMonth() + 1, date.getDate()].map((n) => pad(n, 2));
  return `${date.getFullYear()}-${day.join("-")} ${clock(at)}`;
}

/**
 * @param {number} seconds
 * @returns {string} 5 s, 1.5 s, 3 min, 2 h, 4 d
 */
export function duration(seconds) {
  const sign = seconds < 0 ? "−" : "";
  const s = Math.abs(seconds);
  if (s < 10 && !Number.isInteger(s)) return `${sign}${s.toFixed(1)} s`;
  if (s < 120) return `${sign}${Math.round(s)} s`;
  if (s < 7200) return `${sign}${Math.round(s / 60)} min`;
  if (s < 172800) return `${sign}${Math.round(s / 3600)} h`;
  return `${sign}${Math.round(s / 86400)} d`;
}

/**
 * @param {number} at milliseconds since 1970
 * @param {number} now the same
 * @returns {string} "now" also for a clock that is ahead of ours
 */
export function ago(at, now) {
  const seconds = Math.floor((now - at) / 1000);
  return seconds < 1 ? "now" : `${duration(seconds)} ago`;
}

/**
 * @param {number} n
 * @returns {string} with a comma between thousands
 */
export function count(n) {
  return n.toLocaleString("en-US");
}

/**
 * @param {number} n
 * @returns {string} 980 B, 1.2 KB, 3.4 MB
 */
export function bytes(n) {
  if (n < 1000) return `${n} B`;
  return n < 1e6 ? `${(n / 1e3).toFixed(1)} KB` : `${(n / 1e6).toFixed(1)} MB`;
}

/** @param {string} node its kind, as /config.json says it */
const coinOf = (node) => (node === "bcoin" ? COINS.bcoin : COINS.hsd);

/**
 * @param {string} node
 * @returns {string} the name of its coin
 */
export const unit = (node) => coinOf(node).unit;

/**
 * @param {number} value in the smallest unit
 * @param {string} node
 * @param {{sign?: boolean}} [options] sign: also a plus
 * @returns {string} 1,234.50
 */
export function amount(value, node, { sign = false } = {}) {
  const { decimals } = coinOf(node);
  const text = (Math.abs(value) / 10 ** decimals).toLocaleString("en-US", {
    minimumFractionDigits: 2,
    maximumFractionDigits: decimals,
  });
  const mark = value < 0 ? "−" : sign && value > 0 ? "+" : "";
  return `${mark}${text}`;
}

/**
 * @param {string} hash
 * @returns {string} its two ends
 */
export function shortHash(hash) {
  return hash.length > 18 ? `${hash.slice(0, 8)}…${hash.slice(-8)}` : hash;
}
