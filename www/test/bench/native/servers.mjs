// @ts-check
//
// Two servers and what is possible, each with a herd of connections of its own,
// in turn. What counts is the time that processors have worked for the server:
// the herd, which is the same for all, shares the machine with it.

import { group, npms, ours, peerName } from "./halves.mjs";

/** @typedef {import("../result.mjs").Row} Row */
/** @typedef {import("../result.mjs").Curve} Curve */

const limitName = "bare write for each event";

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
        for (const subject of subjects.slice(0, 2))
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
   * @param {number} of so many
   */
  each(what, which, of = 3) {
    return this.of(what).filter((_, i) => i % of === which);
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
  const singles = Math.max(3, Math.round(Math.min(50, 10_000 / connections)));
  figures.add(
    "single",
    await subject.perCore(singles * connections, async () => {
      for (let i = 0; i < singles; i++) {
        await subject.fire(1, connections);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    }),
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

/** Why that is not reached where it is known not to be. */
const shorts = {
  single:
    "each event is a system call of its own for each connection. A bare write for each, which is the limit here, does not reach it either.",
  answers:
    "each hook runs in a goroutine of its own, as it may wait: its start, its stack and its end are a third of the time, and system calls another third.",
};

/**
 * @param {number} connections
 * @param {Figures} figures
 * @returns {Row[]}
 */
export function rowsOf(connections, figures) {
  const n = connections.toLocaleString("en");
  const to = n === "1" ? "1 connection" : `${n} connections`;
  const one = `one event at a time to ${to}`;
  /** @type {(id: string, what: string, unit: string, title: string, more?: object, of?: number) => Row} */
  const row = (id, what, unit, title, more = {}, of = 3) => ({
    id: `native-${id}-${connections}`,
    group,
    title: `server: ${title}`,
    unit,
    better: unit.startsWith("/s") ? "more" : "less",
    ours: figures.each(what, 0, of),
    peer: figures.each(what, 1, of),
    peerName,
    ...(of === 3 ? { limit: figures.each(what, 2), limitName } : {}),
    ...more,
  });
  const rows = [
    row("burst", "burst", "/s/core", `events delivered, in bursts to ${to}`, {
      targets: [{ of: "peer", atLeast: times }],
      note: "By the time that processors worked for the server. Ours writes in one piece what has come together for a connection: a burst is 40 events, or more to fewer than 1,000.",
    }),
    row("single", "single", "/s/core", `events delivered, ${one}`, {
      targets: [
        { of: "peer", atLeast: times, short: shorts.single, known: 0.25 },
      ],
    }),
    row("p50", "p50", "ms", `half have come, ${one}`),
    row("p99", "p99", "ms", `99 of 100 have come, ${one}`),
  ];
  if (connections >= 100)
    rows.push(
      row("memory", "memory", "KB", `memory for each of ${to}`, {
        note: "What the system has given the process more than before, after a collection.",
      }),
    );
  for (const inFlight of connections === 1 ? [1, 10, 100] : [1])
    if (figures.of(`calls-${inFlight}`).length)
      rows.push(
        row(`answers-${inFlight}`, `calls-${inFlight}`, "/s/core", `calls answered, ${inFlight} in flight on ${to}`, { targets: [{ of: "peer", atLeast: times, short: shorts.answers, known: 0.3 }] }, 2), // prettier-ignore
      );
  return rows;
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
