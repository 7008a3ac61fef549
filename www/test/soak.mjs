// @ts-check
//
// A page that lives long: events and reconnections by the thousand, after which
// memory, handles, timers and listeners must be where they were.
//
//   node www/test/soak.mjs [EVENTS [RECONNECTIONS]]

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { WebSocketServer } from "ws";
import { heapCensus, heapUsed } from "./soak-heap.mjs";
import { closePage, launch, openPage } from "./browser.mjs";
import { Site, html } from "./site.mjs";

/**
 * How much may be left, above where it was: what an engine learns of code, and
 * what Go's memory grows by at once, which is never given back.
 *
 * @type {Record<string, number>}
 */
const tolerance = { heap: 512 * 1024, wasm: 512 * 1024 };

/** Connections before the first measurement: an engine grows while it learns. */
const warming = 30;

/** Mistakes before it: enough garbage for Go to have collected some. */
const mistakes = 50_000;

const script = `
  import { Life, left, watch } from "/pages/soak.mjs";
  watch();
  const { default: bsockMiddleware, load } = await import("bsock-wasm");
  await load();
  Object.assign(globalThis, { Life, left, bsockMiddleware });
`;

/**
 * What a page is left with, in bytes and in numbers.
 *
 * @typedef {Record<string, number>} Remains
 */

/**
 * Has a page live through so much, and measures it before and after.
 *
 * @param {{events: number, reconnections: number, say: (line: string) => void}} how
 */
export async function soak({ events, reconnections, say }) {
  const server = await openServer();
  const site = await new Site().open();
  site.replies.set("/soak", html(script));
  const browser = await launch();
  try {
    const open = await openPage(browser, site.url("/soak"));
    const each = Math.ceil(events / reconnections);
    const { before, after, counts } = await measured(open.page, server.port, {
      each,
      reconnections,
      say,
    });
    for (const row of table(before, after)) say(row);
    assert.ok(counts.BLOCK >= each * reconnections, "the events came");
    check(before, after);
    assert.deepEqual(open.noise, []);
    await closePage(open);
  } finally {
    await browser.close();
    await site.close();
    await server.close();
  }
}

/**
 * @param {import("puppeteer-core").Page} page
 * @param {number} port
 * @param {{each: number, reconnections: number, say: (line: string) => void}} how
 */
async function measured(page, port, { each, reconnections, say }) {
  await page.waitForFunction("globalThis.Life");
  await page.evaluate((port) => {
    globalThis.life = new Life(bsockMiddleware, port);
  }, port);
  const live = (/** @type {number} */ connections) =>
    page.evaluate((n, m) => life.live(n, m), connections, each);
  await live(warming);
  await page.evaluate((n) => life.litter(n), mistakes);
  await assertSeen(page);
  await live(1);
  const before = await remains(page);
  const start = performance.now();
  // In parts, each of them shorter than puppeteer waits for an answer.
  for (let done = 0; done < reconnections;) {
    const part = Math.min(50, reconnections - done);
    await live(part);
    done += part;
  }
  const seconds = (performance.now() - start) / 1000;
  say(
    `${each * reconnections} events, ${reconnections} reconnections: ${seconds.toFixed(1)} s`,
  );
  const after = await remains(page);
  return { before, after, counts: await page.evaluate(() => life.counts) };
}

// A count that is always 0 would count nothing.
/** @param {import("puppeteer-core").Page} page */
async function assertSeen(page) {
  await page.evaluate(() => life.wait());
  const { bodies, promises } = await remains(page);
  assert.ok(bodies > 0 && promises > 0, "a call under way is kept");
}

/**
 * @param {import("puppeteer-core").Page} page
 * @returns {Promise<Remains>}
 */
async function remains(page) {
  const session = await page.createCDPSession();
  const heap = await heapUsed(session);
  const { bodies, promises } = await heapCensus(session, {
    bodies: "Body",
    promises: "Waiting",
  });
  await session.send("Performance.enable");
  const { metrics } = await session.send("Performance.getMetrics");
  const listeners = Number(
    metrics.find(({ name }) => name === "JSEventListeners")?.value,
  );
  await session.detach();
  const { wasm, timers, sockets } = await page.evaluate(() => left());
  return { heap, wasm, bodies, promises, timers, listeners, sockets };
}

/**
 * @param {Remains} before
 * @param {Remains} after
 */
function table(before, after) {
  const rows = Object.keys(before).map((name) =>
    [name.padEnd(10), ...[before, after].map((r) => pad(r[name]))].join(""),
  );
  return ["          " + pad("before") + pad("after"), ...rows];
}

/** @param {unknown} value */
function pad(value) {
  return String(value).padStart(12);
}

/**
 * @param {Remains} before
 * @param {Remains} after
 */
function check(before, after) {
  for (const [name, was] of Object.entries(before)) {
    const more = after[name] - was;
    const allowed = tolerance[name] ?? 0;
    assert.ok(
      more <= allowed,
      `${name} grew by ${more}, of ${allowed} allowed`,
    );
  }
}

const hello =
  '0{"sid":"0","upgrades":[],"pingInterval":25000,"pingTimeout":60000}';
const text = `42["new block",{"height":200000,"hash":"${"0".repeat(32)}"}]`;
const binary = '451-["new block",{"_placeholder":true,"num":0}]';
const attachment = Buffer.alloc(81, 4);

/** A bsock server that does what soak's page asks of it. */
async function openServer() {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  server.on("connection", (/** @type {any} */ ws) => {
    ws.send(hello);
    ws.send("40");
    ws.on(
      "message",
      (/** @type {Buffer} */ data, /** @type {boolean} */ isBinary) => {
        if (!isBinary) answer(ws, String(data));
      },
    );
  });
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    port: server.address().port,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

let cuts = 0;

/**
 * @param {any} ws
 * @param {string} frame
 */
function answer(ws, frame) {
  if (frame === "2") return ws.send("3");
  const [, id, json] = frame.match(/^4(?:2|51-)(\d*)(\[.*)$/s) ?? [];
  if (json === undefined) return; // a hook's answer
  const [name, , events] = JSON.parse(json);
  if (name === "auth" || name === "ask") ws.send(`43${id}[null,1]`);
  if (name === "refuse") ws.send(`43${id}[{"message":"No.","code":404}]`);
  if (name === "flood") flood(ws, events);
  // Once as a cable that is pulled, once with a farewell.
  if (name === "cut") cuts++ % 2 ? ws.terminate() : ws.close(1001);
}

/**
 * @param {any} ws
 * @param {number} left
 */
function flood(ws, left) {
  for (let i = 0; i < 200 && left > 0; i++, left--)
    if (left % 100 === 1) ws.send(`42${left}["rescan",1]`);
    else if (left % 10 === 2) {
      ws.send(binary);
      ws.send(attachment);
    } else ws.send(text);
  if (left > 0) setImmediate(flood, ws, left);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [events = 1_000_000, reconnections = 1000] = process.argv
    .slice(2)
    .map(Number);
  await soak({ events, reconnections, say: console.log });
}
