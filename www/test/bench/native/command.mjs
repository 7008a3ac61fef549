// @ts-check
//
// npm's bsock does what the Go program build/nativebench does, by the same
// commands: a line of JSON each, answered by a line of the same id.

import { createInterface } from "node:readline";

/** The events of all: 75 bytes on the wire. */
export const eventName = "tip";

/** @returns {{height: number, at: number, hash: string}} */
export function event() {
  return { height: 200000, at: now(), hash };
}

/** The machine's clock, which Go reads too, in nanoseconds. */
export function now() {
  return Number(process.hrtime.bigint());
}

const hash = "0".repeat(
  75 - `42["tip",{"height":200000,"at":${now()},"hash":""}]`.length,
);

/**
 * Carries out commands, one after the other, until stdin ends.
 *
 * @param {Record<string, (command: any) => unknown>} commands
 */
export async function obey(commands) {
  for await (const line of createInterface({ input: process.stdin })) {
    const command = JSON.parse(line);
    const { id } = command;
    try {
      const result = await { seconds, bytes, ...commands }[command.do](command);
      console.log(JSON.stringify({ id, result: result ?? null }));
    } catch (error) {
      console.log(JSON.stringify({ id, error: String(error) }));
    }
  }
}

/** How long processors have worked for this process, in seconds. */
function seconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** How much memory the system has given it, after a collection. */
function bytes() {
  /** @type {any} */ (globalThis).gc();
  return process.memoryUsage.rss();
}
