// @ts-check
//
// What is held for each of what there may be many of: bytes of the module's
// memory, which never shrinks, and bytes of JavaScript's heap.

/** @typedef {import("../result.mjs").Row} Row */
/** @typedef {import("puppeteer-core").Page} Page */
/** @typedef {{module: number, heap: number}} Sizes in bytes */

/**
 * @param {Page} page that nothing has run in
 * @param {boolean} quick
 * @returns {Promise<Row[]>}
 */
export async function memoryRows(page, quick) {
  const sockets = quick ? 500 : 2000;
  const calls = quick ? 20_000 : 100_000;
  const socket = await held(page, "sockets", sockets);
  const call = await held(page, "calls", calls);
  const other = await held(page, "others", calls);
  // Go lets as much garbage pile up as there is besides, and its memory never
  // shrinks: it has all that it needs when a collection has once begun at the
  // worst moment. What was leaked would be 8 bytes a call at the least.
  for (let i = 0; i < 3; i++) await held(page, "others", calls);
  const before = await sizes(page);
  const times = quick ? 1 : 12;
  for (let i = 0; i < times; i++) await held(page, "others", calls);
  const after = await sizes(page);
  const more = (after.module - before.module) / (times * calls);
  return [
    row("socket-module", `a socket, of ${sockets}: module`, socket.module),
    row("socket-heap", `a socket, of ${sockets}: heap`, socket.heap),
    row("call-module", `a call in flight, of ${calls}: module`, call.module),
    row("call-heap", `a call in flight, of ${calls}: heap`, call.heap),
    row(
      "other-module",
      `the same, each with another message: module`,
      other.module,
    ),
    {
      ...row(
        "other-more",
        `growth by ${times} times as many of these, one time after the other`,
        more,
      ),
      targets: quick ? [] : [{ of: "value", atMost: 5 }],
    },
  ];
}

/**
 * What each of so many takes while they are there. Then they end.
 *
 * @param {Page} page
 * @param {"sockets" | "calls" | "others"} what
 * @param {number} count
 * @returns {Promise<Sizes>}
 */
async function held(page, what, count) {
  const before = await sizes(page);
  await page.evaluate(
    async (...args) => (await growth).hold(...args),
    what,
    count,
  );
  const after = await sizes(page);
  await page.evaluate(async () => (await growth).letGo());
  return {
    module: (after.module - before.module) / count,
    heap: (after.heap - before.heap) / count,
  };
}

/**
 * @param {Page} page
 * @returns {Promise<Sizes>}
 */
async function sizes(page) {
  const module = await page.evaluate(async () => (await growth).moduleMemory());
  const session = await page.createCDPSession();
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return { module, heap: usedSize };
}

/**
 * @param {string} id
 * @param {string} title
 * @param {number} bytes
 * @returns {Row}
 */
function row(id, title, bytes) {
  return {
    id: `growth-memory-${id}`,
    group: "how cost grows: memory",
    title,
    unit: "B",
    better: "less",
    ours: [bytes],
  };
}
