// @ts-check
//
// The demo page in Chromium, against the embedded node: it fills, it answers to
// the keyboard, it fits any width, and it writes nothing to the console.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { closePage, launch, openPage } from "./browser.mjs";
import { startApp } from "./servers.mjs";

/** @type {import("puppeteer-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startApp>>} */
let app;
/** @type {import("./browser.mjs").OpenPage[]} */
const pages = [];

before(async () => {
  browser = await launch();
  app = await startApp();
});
afterEach(async () => {
  for (const page of pages.splice(0)) await closePage(page);
});
after(async () => {
  await browser?.close();
  assert.equal(await app?.program.stop(), 0, "it stops cleanly on Ctrl-C");
});

/**
 * Opens the demo page.
 *
 * @param {URL} url
 * @param {(page: import("puppeteer-core").Page) => Promise<unknown>} [prepare]
 */
async function demo(url, prepare) {
  const open = await openPage(browser, url.href, prepare);
  pages.push(open);
  return open;
}

/**
 * Waits until an expression in the page is true.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {string} expression
 * @param {number} [timeout] in milliseconds
 */
async function until(page, expression, timeout = 40_000) {
  await page.waitForFunction(expression, { timeout }).catch((error) => {
    throw new Error(`${expression}: ${error.message}`);
  });
}

const blocks = "document.querySelectorAll('tbody tr').length";
const height =
  "Number(document.querySelector('.height').textContent.replace(/\\D/g, ''))";

test("the page fills, and goes on filling", async () => {
  /** @type {string[]} */
  const hosts = [];
  const { page, noise } = await demo(app.url, async (p) =>
    p.on("request", (request) => hosts.push(new URL(request.url()).host)),
  );
  await until(page, `${height} > 0`);
  await until(page, `${blocks} >= 3`);
  const first = Number(await page.evaluate(height));
  await until(page, `${height} > ${first}`);
  await until(page, `(${inked})(document.querySelector(".plot canvas"))`);
  const text = await page.$eval("body", (body) => body.innerText);
  assert.match(text, /simulated/i, "the node is labelled as what it is");
  assert.ok((await page.$$(".entries li")).length > 3, "the log shows frames");
  assert.deepEqual([...new Set(hosts)].filter(Boolean), [app.url.host]);
  assert.deepEqual(noise, []);
});

// A canvas on which something was drawn has pixels that are not transparent.
/** @param {HTMLCanvasElement} canvas */
function inked(canvas) {
  const context = /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext("2d")
  );
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return data.some((value) => value !== 0);
}

test("a wallet is joined, shows transactions, and is left, by keyboard", async () => {
  const { page, noise } = await demo(app.url);
  await until(page, `${height} > 0`);
  await page.focus("#wallet-id");
  await page.keyboard.press("Enter");
  // The simulated wallet has one in two of five blocks: none in 40 s is one
  // run in sixty.
  await until(
    page,
    "document.querySelectorAll('.transactions li').length > 0",
    150_000,
  );
  await page.focus("::-p-aria(Leave)");
  await page.keyboard.press("Space");
  await until(page, "!document.querySelector('#wallet-id').readOnly");
  assert.deepEqual(noise, []);
});

test("it disconnects and connects again when told to", async () => {
  const { page, noise } = await demo(app.url);
  await until(page, `${blocks} >= 1`);
  await page.click("::-p-aria(Disconnect)");
  await until(
    page,
    "document.querySelector('.connection .pill').innerText.includes('Disconnected')",
  );
  await page.click("::-p-aria([name='Connect'][role='button'])");
  const before = Number(await page.evaluate(height));
  await until(page, `${height} > ${before}`);
  assert.deepEqual(noise, []);
});

test("a server that goes away is waited for, and what was missed is fetched", async (t) => {
  let server = await startApp();
  t.after(() => server.program.stop());
  const { page } = await demo(server.url);
  await until(page, `${blocks} >= 3`);
  await server.program.stop();
  await until(
    page,
    says(".connection .words", "Attempt \\d+ begins in \\d+ s"),
  );
  await page.focus("#wallet-id");
  await page.keyboard.press("Enter");
  await until(page, says(".connection .facts", "1 emit"));
  await until(page, says(".wallet .words", "primary waits"));
  server = await startApp({ ADDR: server.url.host });
  await page.click("::-p-aria([name='Connect'][role='button'])");
  await until(page, says(".connection .pill", "Connected"));
  await until(
    page,
    says(".chain .words", "Gap of \\d+ s.*missed, and fetched"),
  );
  await until(page, says(".wallet .pill", "Joined"));
  await until(page, says(".connection .facts", "nothing"));
});

/**
 * @param {string} selector
 * @param {string} pattern of what is written there
 */
const says = (selector, pattern) =>
  `/${pattern}/.test(document.querySelector("${selector}").innerText)`;

for (const scheme of ["light", "dark"])
  test(`no width scrolls sideways, ${scheme}`, async () => {
    const { page, noise } = await demo(app.url, (p) =>
      p.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]),
    );
    await until(page, `${blocks} >= 2`);
    for (const width of [320, 375, 600, 768, 1024, 1440, 2560]) {
      await page.setViewport({ width, height: 800 });
      await page.evaluate(() => new Promise(requestAnimationFrame));
      const excess = await page.evaluate(
        () => document.documentElement.scrollWidth - window.innerWidth,
      );
      assert.ok(excess <= 0, `${excess} px too wide at ${width}`);
    }
    assert.deepEqual(noise, []);
  });

test("where a key is required it is asked for, and a wrong one is told", async (t) => {
  const locked = await startApp({ API_KEY: "open sesame" });
  t.after(() => locked.program.stop());
  const { page, noise } = await demo(locked.url);
  await page.waitForSelector("#api-key", { visible: true });
  await page.type("#api-key", "wrong");
  await page.keyboard.press("Enter");
  await until(
    page,
    "document.querySelector('.connection .pill').innerText.includes('refused')",
  );
  await page.evaluate("document.querySelector('#api-key').value = ''");
  await page.type("#api-key", "open sesame");
  await page.keyboard.press("Enter");
  await until(page, `${height} > 0`);
  const text = await page.$eval("body", (body) => body.innerText);
  assert.ok(!text.includes("sesame"), "the key is shown nowhere");
  assert.ok(!locked.program.output.includes("sesame"), "nor logged");
  assert.deepEqual(noise, []);
});
