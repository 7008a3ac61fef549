// @ts-check
//
// One visit to a page: how long until its socket is connected, and how long its
// main thread was busy until then, as the browser's own trace of its tasks says.

/**
 * @typedef {object} Visit all in milliseconds
 * @property {number} connected from the start of the navigation
 * @property {number} busy until then, the main thread with all its tasks
 * @property {number} work of the main thread: what its tasks would take if no
 *   other thread wanted the processor
 * @property {number} longest of its tasks
 */

/**
 * @typedef {object} Handicap
 * @property {number} [cpu] how many times as slow
 * @property {Network} [network]
 */

/** @typedef {{kilobytes: number, latency: number}} Network a second, and ms */

/** @typedef {{name: string, ph: string, pid: number, tid: number, ts: number, dur?: number, tdur?: number}} TraceEvent */

/** The names that Chromium gives to a task and to what promises do after it. */
const promises = "BlinkScheduler_PerformMicrotaskCheckpoint";
const taskNames = new Set(["ThreadControllerImpl::RunTask", promises]);

/** How close behind a task its promises come, in microseconds. */
const near = 100;

const marks = { start: "navigationStart", end: "SOCKET_CONNECTED" };

/**
 * @param {import("puppeteer-core").Page} page one that has no other business
 * @param {string} url
 * @param {Handicap} [handicap]
 * @returns {Promise<Visit>}
 */
export async function visit(page, url, handicap = {}) {
  const session = await page.createCDPSession();
  await apply(session, handicap);
  await session.send("Runtime.enable");
  await session.send("Runtime.addBinding", { name: "tell" });
  const told = new Promise((resolve) =>
    session.once("Runtime.bindingCalled", resolve),
  );
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["toplevel", "blink.user_timing"] },
  });
  await session.send("Page.navigate", { url });
  await told;
  const events = await stopTracing(session);
  await session.detach();
  return measured(events);
}

/**
 * @param {import("puppeteer-core").CDPSession} session
 * @param {Handicap} handicap
 */
async function apply(session, { cpu, network }) {
  if (cpu) await session.send("Emulation.setCPUThrottlingRate", { rate: cpu });
  if (!network) return;
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: network.latency,
    downloadThroughput: network.kilobytes * 1000,
    uploadThroughput: network.kilobytes * 1000,
  });
}

/**
 * @param {import("puppeteer-core").CDPSession} session
 * @returns {Promise<TraceEvent[]>}
 */
async function stopTracing(session) {
  /** @type {any[]} */
  const events = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  const complete = new Promise((resolve) =>
    session.once("Tracing.tracingComplete", resolve),
  );
  await session.send("Tracing.end");
  await complete;
  return events;
}

/**
 * @param {TraceEvent[]} events
 * @returns {Visit}
 */
function measured(events) {
  const end = /** @type {TraceEvent} */ (
    events.find(({ name }) => name === marks.end)
  );
  const onThread = events
    .filter(
      ({ pid, tid, ts }) => pid === end.pid && tid === end.tid && ts < end.ts,
    )
    .sort((a, b) => a.ts - b.ts);
  const start = Math.max(
    ...onThread.filter(({ name }) => name === marks.start).map(({ ts }) => ts),
  );
  const tasks = onThread.filter(
    ({ name, ts, dur = 0 }) => taskNames.has(name) && ts + dur > start,
  );
  const lasted = lengths(tasks, start, end.ts);
  return {
    connected: (end.ts - start) / 1000,
    busy: sum(lasted),
    work: sum(tasks.map(({ tdur = 0 }) => tdur / 1000)),
    longest: Math.max(...lasted),
  };
}

/**
 * How long each task took. What a task has left to promises is carried out
 * behind it, and the page waits for both.
 *
 * @param {TraceEvent[]} tasks in order
 * @param {number} start
 * @param {number} end in microseconds
 * @returns {number[]} in milliseconds
 */
function lengths(tasks, start, end) {
  /** @type {{from: number, until: number}[]} */
  const spans = [];
  for (const { name, ts, dur = 0 } of tasks) {
    const until = Math.min(ts + dur, end);
    const last = spans[spans.length - 1];
    if (last && ts < last.until) continue; // a task inside another
    if (last && name === promises && ts - last.until < near) last.until = until;
    else spans.push({ from: Math.max(ts, start), until });
  }
  return spans.map(({ from, until }) => (until - from) / 1000);
}

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((all, each) => all + each, 0);
}
