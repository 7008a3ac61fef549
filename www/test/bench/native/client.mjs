// @ts-check
//
// Three clients of one neutral server, in turn: ours, npm's, and where there is
// one the bare WebSocket that ours is built on.

import { ratio } from "../statistics.mjs";
import { group, npms, ours, peerName } from "./halves.mjs";

/** @typedef {import("../../process.mjs").Program} Program */
/** @typedef {import("../result.mjs").Row} Row */
/** @typedef {import("../result.mjs").Curve} Curve */

const limitName = "bare nhooyr.io/websocket";
const callLimitName = "bare callers that wait for answers";

/** The slowest does so many in about a tenth of a second. */
/** @type {{id: string, title: string, count: number, command: {do: string, inFlight?: number, size?: number}, limit?: "bare" | "callers", ours?: object, targets: import("../result.mjs").Target[], note?: string}[]} */
const kinds = [
  {
    id: "receive",
    title: "client: 75-byte events received and decoded",
    count: 30_000,
    command: { do: "receive", size: 75 },
    limit: "bare",
    targets: [{ of: "peer", atLeast: 5 }],
    note: "Ours decodes the argument into a struct, npm's into an object. The bare WebSocket is read by its own Reader, which takes 1.6 µs for a message; ours hands it many as one.",
  },
  {
    id: "receive-unread",
    title: "client: 75-byte events received, arguments not looked at",
    count: 30_000,
    command: { do: "receive", size: 75 },
    ours: { unread: true },
    limit: "bare",
    targets: [{ of: "peer", atLeast: 5 }],
  },
  {
    id: "fire",
    title: "client: 75-byte events fired",
    count: 12_000,
    command: { do: "fire" },
    limit: "bare",
    targets: [{ of: "peer", atLeast: 5 }],
  },
  {
    id: "calls-1",
    title: "client: calls answered, 1 in flight",
    count: 3_000,
    command: { do: "calls", inFlight: 1 },
    limit: "callers",
    targets: [
      { of: "peer", atLeast: 1 },
      { of: "limit", atLeast: 0.6 },
    ],
    note: "with one call in flight both wait for the system: two sends and two wakings.",
  },
  {
    id: "calls-10",
    title: "client: calls answered, 10 in flight",
    count: 8_000,
    command: { do: "calls", inFlight: 10 },
    limit: "callers",
    targets: [
      { of: "peer", atLeast: 1 },
      { of: "limit", atLeast: 0.3 },
    ],
    note: "the answers come together, and each wakes its caller, who may be on another processor.",
  },
  {
    id: "calls-100",
    title: "client: calls answered, 100 in flight",
    count: 8_000,
    command: { do: "calls", inFlight: 100 },
    limit: "callers",
    targets: [{ of: "peer", atLeast: 5 }],
  },
  {
    id: "calls-1000",
    title: "client: calls answered, 1,000 in flight",
    count: 8_000,
    command: { do: "calls", inFlight: 1000 },
    limit: "callers",
    targets: [{ of: "peer", atLeast: 5 }],
  },
];

/** So many times the work, for who is so much faster. */
const more = 4;

export class Clients {
  #neutral = ours("neutral");
  #ours = ours("client");
  #npms = npms("client");
  #limits = { bare: ours("bare"), callers: ours("callers") };

  get #all() {
    return [this.#ours, this.#npms, ...Object.values(this.#limits)];
  }

  async connect() {
    const url = await this.#neutral.ask({ do: "listen" });
    for (const client of this.#all)
      await client.ask({ do: "connect", url, count: 1 });
  }

  async close() {
    for (const program of [this.#neutral, ...this.#all]) await program.stop();
  }

  /**
   * @param {number} rounds
   * @param {number} scale how much more there is to do in a round
   * @returns {Promise<Row[]>}
   */
  async rows(rounds, scale) {
    const rows = [];
    for (const kind of kinds) {
      const { id, title, targets } = kind;
      /** @type {Row & {peer: number[], limit: number[]}} */
      const row = { id: `native-${id}`, group, title, unit: "/s", better: "more", ours: [], peer: [], peerName, limit: [], limitName: kind.limit === "callers" ? callLimitName : limitName, targets }; // prettier-ignore
      for (let round = -1; round < rounds; round++) {
        const count = Math.round(kind.count * (round < 0 ? 0.5 : scale));
        const own = { ...kind.command, ...kind.ours, count: count * more };
        const figures = {
          ours: await rate(this.#ours, own),
          peer: await rate(this.#npms, { ...kind.command, count }),
          limit: kind.limit
            ? await rate(this.#limits[kind.limit], { ...kind.command, count })
            : 0,
        };
        if (round < 0) continue; // it warms up
        row.ours.push(figures.ours);
        row.peer.push(figures.peer);
        if (kind.limit) row.limit.push(figures.limit);
      }
      rows.push(noted(kind.limit ? row : without(row), kind));
    }
    return rows;
  }

  /**
   * How long an event takes, by its size.
   *
   * @param {number[]} sizes
   * @param {number} bytes in all, for each
   * @returns {Promise<Curve>}
   */
  async sizes(sizes, bytes) {
    /** @type {Curve["series"]} */
    const series = [];
    for (const [name, client] of /** @type {[string, Program][]} */ ([
      ["ours", this.#ours],
      [peerName, this.#npms],
      [limitName, this.#limits.bare],
    ])) {
      /** @type {[number, number][]} */
      const points = [];
      for (const size of sizes) {
        const count = Math.min(Math.max(3, Math.round(bytes / size)), 20_000);
        const each = [];
        for (let round = 0; round < 3; round++)
          each.push(1e6 / (await rate(client, { do: "receive", size, count })));
        points.push([size, each.sort((a, b) => a - b)[1]]);
      }
      series.push({ name, points });
    }
    return {
      id: "native-size",
      title: "native: an event received, by its size",
      x: { title: "size of the event", unit: "bytes", scale: "log" },
      y: { title: "time for each", unit: "µs", scale: "log" },
      series,
      growth: true,
      note: "Both decode the argument: ours checks the text, and encoding/json's equal reads it into a struct.",
    };
  }
}

/**
 * How many a second.
 *
 * @param {Program} client
 * @param {{do: string, count: number, [more: string]: unknown}} command
 */
async function rate(client, command) {
  return command.count / (await client.ask(command));
}

/**
 * @param {Row} row
 * @param {{note?: string, limit?: string}} kind
 * @returns {Row}
 */
function noted(row, { note, limit }) {
  if (limit !== "callers") return { ...row, note };
  const { peer = [], limit: most = [] } = row;
  const possible = `the limit is ${ratio(most, peer).median.toPrecision(2)} times npm's.`;
  return { ...row, note: note ? `${note} So ${possible}` : possible };
}

/**
 * @param {Row} row
 * @returns {Row}
 */
function without({ limit, limitName, ...row }) {
  return row;
}
