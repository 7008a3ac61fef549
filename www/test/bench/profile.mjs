// @ts-check
//
// Where the time of a case goes: `make profile CASE=event-75b`. It runs one case
// of cases.mjs in Chromium, over the fake WebSocket, and prints how long each
// function took by itself, in JavaScript and in the module; the profile it was
// read from is for the browser's own tools. The module is the shipped one but
// for the names of its functions, and for what finishing would take from it.
//
//   node bench/profile.mjs MODULE FOLDER CASE [SUBJECT]
//
// The sampling makes an operation slower: shares are what to look at.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { launch, openPage } from "../browser.mjs";
import { Site, html } from "../site.mjs";

/** @typedef {import("puppeteer-core").Protocol.Profiler.Profile} Profile */

/** How long is sampled, and how often: milliseconds and microseconds. */
const length = 3000;
const interval = 100;

/** How many functions are printed. */
const most = 40;

// The package as an entry that loads the named module, in place of its own.
const shim = `
import factory, { load } from "/dist/external.mjs";
load({ wasm: "/named.wasm" });
export default factory;`;

const frame = `
const { runnerOf } = await import("/bench/frame.mjs");
globalThis.prepare = async (name) => {
  const run = await runnerOf(name);
  globalThis.run = async (length) => {
    const [end, times] = [performance.now() + length, []];
    while (performance.now() < end) times.push(await run());
    return times;
  };
};
globalThis.ready = true;`;

/**
 * @param {string} module
 * @param {string} name of the case
 * @param {string} subject
 * @returns {Promise<{profile: Profile, times: number[]}>} and microseconds for
 *   one operation, by batches
 */
async function profileOf(module, name, subject) {
  const site = await new Site().open();
  const wasm = { type: "application/wasm", body: await readFile(module) };
  site.replies.set("/named.wasm", wasm);
  site.replies.set("/dist/index.mjs", { type: "text/javascript", body: shim });
  site.replies.set("/frame", html(frame));
  const browser = await launch();
  try {
    const { page } = await openPage(
      browser,
      site.url(`/frame?subject=${subject}`),
    );
    await page.waitForFunction("globalThis.ready");
    await page.evaluate(
      (n) => /** @type {any} */ (globalThis).prepare(n),
      name,
    );
    const session = await page.createCDPSession();
    await session.send("Profiler.enable");
    await session.send("Profiler.setSamplingInterval", { interval });
    await session.send("Profiler.start");
    const times = await page.evaluate(
      (ms) => /** @type {any} */ (globalThis).run(ms),
      length,
    );
    const { profile } = await session.send("Profiler.stop");
    return { profile, times };
  } finally {
    await browser.close();
    await site.close();
  }
}

/**
 * How much of the time each function took by itself.
 *
 * @param {Profile} profile
 * @returns {[string, number][]} largest first
 */
function selfTimes({ nodes, samples = [], timeDeltas = [] }) {
  const names = new Map(
    nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]),
  );
  /** @type {Map<string, number>} */
  const times = new Map();
  let all = 0;
  samples.forEach((id, i) => {
    const name = String(names.get(id));
    if (name === "(idle)" || name === "(program)") return;
    times.set(name, (times.get(name) ?? 0) + timeDeltas[i]);
    all += timeDeltas[i];
  });
  return [...times]
    .map(([name, time]) => /** @type {[string, number]} */ ([name, time / all]))
    .sort(([, a], [, b]) => b - a);
}

/** @param {import("puppeteer-core").Protocol.Runtime.CallFrame} frame */
function nameOf({ functionName, url, lineNumber }) {
  if (url === "") return functionName;
  if (url.startsWith("wasm:")) return `wasm ${functionName}`;
  const file = url.slice(url.lastIndexOf("/") + 1);
  return `${functionName || "(anonymous)"} ${file}:${lineNumber + 1}`;
}

const [module, folder, name = "call", subject = "ours"] = process.argv.slice(2);
const { profile, times } = await profileOf(module, name, subject);
const middle = times.sort((a, b) => a - b)[times.length >> 1];
console.log(
  `${name}, ${subject}: ${middle.toFixed(3)} µs while it is sampled\n`,
);
console.log("     µs  share  function");
for (const [title, share] of selfTimes(profile).slice(0, most))
  console.log(
    `${(share * middle).toFixed(3).padStart(7)} ${(share * 100).toFixed(1).padStart(5)} %  ${title}`,
  );
await mkdir(folder, { recursive: true });
const file = join(
  folder,
  `${name.replaceAll(/\W+/g, "-")}-${subject}.cpuprofile`,
);
await writeFile(file, JSON.stringify(profile));
console.log(`\n${file}`);
