// @ts-check
//
// Two servers and what is possible, each with a herd of connections of its own,
// in turn. What counts is the time that processors have worked for the server:
// the herd, which is the same for all, shares the machine with it.

import { ratio } from "../statistics.mjs";
import { group, npms, ours, peerName } from "./halves.mjs";

/** @typedef {import("../result.mjs").Row} Row */
/** @typedef {import("../result.mjs").Curve} Curve */

const limitName = "bare write for each event or answer";

/** Deliveries in a burst; but no more than so many events, and no fewer. */
const deliveries = 40_000;
const most = 1000;
const fewest = 40;

/** A Subject is a server, and a herd of connections to it. */
class Subject {
  herd = ours("herd");

  /** @param {import("../../process.mjs").Program} server */
  constructor(server) {
    this.server = server;
  }

  /**
   * Connects, and tells what the server needs for each connection, in KB.
   *
   * @param {number} count
   */
  async connect(count) {
    const url = await this.server.ask({ do: "listen" });
    const before = await this.server.ask({ do: "bytes" });
    await this.herd.ask({ do: "connect", url, count });
    const after = await this.server.ask({ do: "bytes" });
    return (after - before) / count / 1024;
  }

  /**
   * How much the server does in a second of a processor.
   *
   * @param {number} done
   * @param {() => Promise<unknown>} act
   */
  async perCore(done, act) {
    const before = await this.server.ask({ do: "seconds" });
    await act();
    return done / ((await this.server.ask({ do: "seconds" })) - before);
  }

  /**
   * @param {number} events one right after the other
   * @param {number} connections
   */
  async fire(events, connections) {
    await this.server.ask({ do: "fire", count: events });
    await this.herd.ask({ do: "await", count: events * connections });
  }

  /**
   * The server itself fires now and then, so that nothing else is measured.
   *
   * @param {number} events
   * @param {number} connections
   */
  async pace(events, connections) {
    // There is time for one event to reach all before the next.
    const every = Math.max(2, Math.ceil(connections * 0.02));
    await this.server.ask({ do: "pace", count: events, every });
    await this.herd.ask({ do: "await", count: events * connections });
  }

  /** @returns {Promise<{p50: number, p99: number}>} in ms */
  ages() {
    return this.herd.ask({ do: "ages" });
  }

  async close() {
    await this.herd.stop();
    await this.server.stop();
  }
}

/**
 * @param {number} connections
 * @param {number} rounds
 * @param {number} scale how much more there is to do in a round
 */
export async function measure(connections, rounds, scale) {
  const subjects = [
    new Subject(ours("server")),
    new Subject(npms("server")),
    new Subject(ours("neutral")),
  ];
  try {
    const figures = new Figures();
    for (const subject of subjects)
      figures.add("memory", await subject.connect(connections));
    for (let round = -1; round < rounds; round++) {
      const into = round < 0 ? new Figures() : figures; // the first warms up
      for (const subject of subjects)
        await broadcasts(subject, connections, scale, into);
      if (connections <= 100)
        for (const subject of subjects)
          await calls(subject, connections, scale, into);
    }
    return figures;
  } finally {
    for (const subject of subjects) await subject.close();
  }
}

/** Figures are numbers by what they are of, of each subject in turn. */
class Figures {
  /** @type {Map<string, number[]>} */
  #all = new Map();

  /**
   * @param {string} what
   * @param {number} number
   */
  add(what, number) {
    this.#all.set(what, [...this.of(what), number]);
  }

  /** @param {string} what */
  of(what) {
    return this.#all.get(what) ?? [];
  }

  /**
   * Those of one of the subjects.
   *
   * @param {string} what
   * @param {number} which
   */
  each(what, which) {
    return this.of(what).filter((_, i) => i % 3 === which);
  }
}

/**
 * @param {Subject} subject
 * @param {number} connections
 * @param {number} scale
 * @param {Figures} figures
 */
async function broadcasts(subject, connections, scale, figures) {
  const events = Math.max(
    fewest,
    Math.min(most, Math.round(deliveries / connections)),
  );
  const bursts = Math.ceil((scale * deliveries) / (events * connections));
  figures.add(
    "burst",
    await subject.perCore(bursts * events * connections, async () => {
      for (let i = 0; i < bursts; i++) await subject.fire(events, connections);
    }),
  );
  await subject.ages(); // of those nobody asks
  const paced = Math.min(100, 10_000 / connections);
  const singles = Math.max(3, Math.round(paced * Math.min(scale, 1)));
  figures.add(
    "single",
    await subject.perCore(singles * connections, () =>
      subject.pace(singles, connections),
    ),
  );
  const { p50, p99 } = await subject.ages();
  figures.add("p50", p50);
  figures.add("p99", p99);
}

/**
 * @param {Subject} subject
 * @param {number} connections
 * @param {number} scale
 * @param {Figures} figures
 */
async function calls(subject, connections, scale, figures) {
  for (const inFlight of connections === 1 ? [1, 10, 100] : [1]) {
    const count = Math.round((inFlight * connections > 1 ? 10_000 : 3_000) * scale); // prettier-ignore
    figures.add(
      `calls-${inFlight}`,
      await subject.perCore(count, () =>
        subject.herd.ask({ do: "calls", count, inFlight }),
      ),
    );
  }
}

/** How many times as many as npm's. */
const times = 5;

/** Why an event to one takes longer to wake up for than npm's. */
const waking =
  "an event every 2 ms finds the program asleep, and Go wakes a second thread to see whether there is more to do";

/** Why it may not be as soon as npm's with many connections. */
const caches =
  "nearly all of it is the system's, and how much that is for each depends on what the processor's caches hold: with 1,000 connections ours was 0.8 to 1.4 times as good as npm's in six runs";

/** Why that may not be reached with ten in flight. */
const hooks =
  "each hook is guarded against panics, has its place counted, and its result goes through encoding/json and three turns of a mutex, which the limit has not.";

/**
 * @param {number} connections
 * @param {Figures} figures
 * @returns {Row[]}
 */
export function rowsOf(connections, figures) {
  const n = connections.toLocaleString("en");
  const to = n === "1" ? "1 connection" : `${n} connections`;
  const one = `one event at a time to ${to}`;
  /** @type {(id: string, what: string, unit: string, title: string, more?: object) => Row} */
  const row = (id, what, unit, title, more = {}) => ({
    id: `native-${id}-${connections}`,
    group,
    title: `server: ${title}`,
    unit,
    better: unit.startsWith("/s") ? "more" : "less",
    ours: figures.each(what, 0),
    peer: figures.each(what, 1),
    peerName,
    limit: figures.each(what, 2),
    limitName,
    ...more,
  });
  const rows = [
    row("burst", "burst", "/s/core", `events delivered, in bursts to ${to}`, {
      targets: [{ of: "peer", atLeast: times }],
      note: "By the time that processors worked for the server. Ours writes in one piece what has come together for a connection: a burst is 40 events, or more to fewer than 1,000.",
    }),
    ...(connections === 1 ? asleep : awake)(
      row("single", "single", "/s/core", `events delivered, ${one}`),
      row("p50", "p50", "ms", `half have come, ${one}`),
      row("p99", "p99", "ms", `99 of 100 have come, ${one}`),
    ),
  ];
  if (connections >= 100)
    rows.push(
      row("memory", "memory", "KB", `memory for each of ${to}`, {
        targets: [{ of: "peer", atLeast: 1 }],
        note: "What the system has given the process more than before, after a collection.",
      }),
    );
  for (const inFlight of connections === 1 ? [1, 10, 100] : [1]) {
    const what = `calls-${inFlight}`;
    if (figures.of(what).length === 0) continue;
    const each = row(`answers-${inFlight}`, what, "/s/core", `calls answered, ${inFlight} in flight on ${to}`); // prettier-ignore
    const note = `the limit looks for no hook and runs none; ${possible(each)}`;
    rows.push({ ...each, targets: answers(inFlight), note });
  }
  return rows;
}

/**
 * What is to be held of events to many.
 *
 * @param {Row} single
 * @param {Row} p50
 * @param {Row} p99
 * @returns {Row[]}
 */
function awake(single, p50, p99) {
  const note = `each event is a system call of its own for each connection; ${possible(single)}`;
  /** @type {import("../result.mjs").Target[]} */
  const targets = [{ of: "peer", atLeast: 1, short: caches, known: 0.7 }];
  return [
    { ...single, targets: [...targets, { of: "limit", atLeast: 0.5 }], note },
    { ...p50, targets },
    { ...p99, targets },
  ];
}

/**
 * What is to be held of events to one. An event every 2 ms finds the program
 * asleep, and that Go wakes up later than Node holds for the limit as well.
 *
 * @param {Row} single
 * @param {Row} p50
 * @param {Row} p99
 * @returns {Row[]}
 */
function asleep(single, p50, p99) {
  const note = (/** @type {Row} */ row) => `${waking}; ${possible(row)}`;
  return [
    { ...single, targets: [{ of: "limit", atLeast: 0.7 }], note: note(single) },
    { ...p50, targets: [{ of: "limit", atLeast: 0.6 }], note: note(p50) },
    {
      ...p99,
      targets: [{ of: "peer", atLeast: 1, short: waking, known: 0.2 }],
    },
  ];
}

/**
 * How good the limit is.
 *
 * @param {Row} row
 */
function possible({ peer = [], limit = [], better }) {
  const times = better === "more" ? ratio(limit, peer) : ratio(peer, limit);
  return `the limit is ${times.median.toPrecision(2)} times as good as npm's.`;
}

/**
 * @param {number} inFlight
 * @returns {import("../result.mjs").Target[]}
 */
function answers(inFlight) {
  // With one, system calls are nearly all there is to it.
  if (inFlight === 1)
    return [
      { of: "peer", atLeast: 1 },
      { of: "limit", atLeast: 0.4 },
    ];
  return [
    { of: "peer", atLeast: times, ...(inFlight === 10 && { short: hooks, known: 3.5 }) }, // prettier-ignore
  ];
}

/**
 * @param {[number, Figures][]} all by the number of connections
 * @returns {Curve}
 */
export function curveOf(all) {
  const names = ["ours", peerName, limitName];
  return {
    id: "native-connections",
    title: "native: events delivered by the server, by its connections",
    x: { title: "connections", scale: "log" },
    y: { title: "delivered, in bursts", unit: "/s/core", scale: "log" },
    series: names.map((name, i) => ({
      name,
      points: all.map(([n, figures]) => [n, middle(figures.each("burst", i))]),
    })),
  };
}

/** @param {number[]} numbers */
function middle(numbers) {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
}
