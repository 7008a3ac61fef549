// @ts-check
// How long the node took from block to block, by the blocks' own times.

import { count, duration } from "./format.js";

/** How many intervals the running mean covers. */
export const WINDOW = 10;

/** @typedef {{height: number, seconds: number}[]} Series oldest first */

/**
 * The seconds between each block and the one before it, where both are known.
 *
 * @param {import("./decode.js").Block[]} blocks newest first
 * @returns {Series}
 */
export function intervals(blocks) {
  return blocks
    .flatMap((block, i) => {
      const before = blocks[i + 1];
      return before?.hash === block.prev
        ? [{ height: block.height, seconds: block.time - before.time }]
        : [];
    })
    .reverse();
}

/**
 * @param {Series} series not empty
 * @returns {number}
 */
export function mean(series) {
  return series.reduce((sum, { seconds }) => sum + seconds, 0) / series.length;
}

/**
 * @param {Series} series
 * @returns {(number | null)[]} the mean up to each block, once there are enough
 */
export function means(series) {
  return series.map((_, i) =>
    i + 1 < WINDOW ? null : mean(series.slice(i + 1 - WINDOW, i + 1)),
  );
}

/**
 * @param {Series} series
 * @returns {string} what a chart of them shows, for who cannot see it
 */
export function summary(series) {
  if (series.length === 0) return "No interval is known yet";
  const seconds = series.map((item) => item.seconds);
  return `Mean of ${count(series.length)} interval${series.length === 1 ? "" : "s"} ${duration(mean(series))}, shortest ${duration(Math.min(...seconds))}, longest ${duration(Math.max(...seconds))}`;
}
