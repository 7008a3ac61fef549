// @ts-check
//
// A headless browser, and pages in it that remember every word they said. The
// environment says which: BROWSER=chromium, as when it says nothing, and then
// the tests may ask for all that puppeteer has; BROWSER=firefox or
// BROWSER=webkit, for the tests that ask for no more than every browser gives.

import { access, constants } from "node:fs/promises";
import puppeteer from "puppeteer-core";
import {
  WebDriverPage,
  prelude as webDriverPrelude,
} from "./webdriver-page.mjs";
import { WebKit } from "./webdriver.mjs";

const named = process.env.BROWSER || "chromium";

/**
 * An OpenPage is a page and its noise: what it wrote to the console, exceptions
 * that nobody caught, rejections that nobody handled, requests that failed
 * (but WebKit does not tell of those).
 *
 * @typedef {object} OpenPage
 * @property {import("puppeteer-core").Page} page in WebKit it has `evaluate` and
 *   `waitForFunction` alone
 * @property {string[]} noise
 */

/** What a page must start with for its noise to be heard. */
export const prelude = named === "webkit" ? webDriverPrelude : "";

// Chromium looks for its maker's hosts at every start; here it need not.
const flags = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** @type {Record<string, () => Promise<any>>} */
const launchers = {
  chromium: async () =>
    puppeteer.launch({
      executablePath: await program("CHROME", "/usr/bin/chromium"),
      args: isRoot() ? [...flags, "--no-sandbox"] : flags,
      protocolTimeout: 120_000,
    }),
  firefox: async () =>
    puppeteer.launch({
      browser: "firefox", // which puppeteer drives through WebDriver BiDi
      executablePath: await program("FIREFOX", "/usr/bin/firefox-esr"),
      protocolTimeout: 120_000,
    }),
  webkit: () => new WebKit().open(),
};

/**
 * Starts the browser. What is made of a WebKit is for openPage and for closing.
 *
 * @param {string} [name] where the environment is not to say which
 * @returns {Promise<import("puppeteer-core").Browser>}
 */
export async function launch(name = named) {
  const start = launchers[name];
  if (!start)
    throw new Error(
      `BROWSER=${name} is not known: say ${Object.keys(launchers).join(", ")}`,
    );
  return start();
}

// Chromium refuses to sandbox what root runs.
function isRoot() {
  return process.getuid?.() === 0;
}

/**
 * @param {string} variable that may name the browser
 * @param {string} debians where Debian has it
 */
async function program(variable, debians) {
  const path = process.env[variable] || debians;
  try {
    await access(path, constants.X_OK);
  } catch {
    throw new Error(
      `no browser at ${path}: install it (as root, \`go run ./build browser ` +
        `${name}\` does), or set ${variable} to the path of one`,
    );
  }
  return path;
}

/**
 * Opens a page of its own, which shares nothing with the others.
 *
 * @param {import("puppeteer-core").Browser} browser
 * @param {string} url
 * @param {(page: import("puppeteer-core").Page) => Promise<unknown>} [prepare]
 *   what to do before the page loads
 * @returns {Promise<OpenPage>}
 */
export async function openPage(browser, url, prepare) {
  if (browser instanceof WebKit) return openInWebKit(browser, url);
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const noise = listen(page);
  await prepare?.(page);
  await page.goto(url, { waitUntil: "load" });
  return { page, noise };
}

/**
 * @param {WebKit} browser
 * @param {string} url
 * @returns {Promise<OpenPage>}
 */
async function openInWebKit(browser, url) {
  const page = await new WebDriverPage(browser.driver).open(url);
  return { page: /** @type {any} */ (page), noise: page.noise };
}

// What Firefox by itself remarks on a page comes as if the page had thrown it.
const remark =
  /^Error: (Content-Security-Policy|Failed to read data from the ReadableStream): /;

/** @param {import("puppeteer-core").Page} page */
function listen(page) {
  /** @type {string[]} */
  const noise = [];
  page.on("console", (m) => noise.push(`console.${m.type()}: ${m.text()}`));
  page.on("pageerror", (error) => {
    const isRemark = named === "firefox" && remark.test(String(error));
    noise.push(`${isRemark ? "remark" : "uncaught"}: ${error}`);
  });
  page.on("requestfailed", (r) =>
    noise.push(`failed: ${r.url()} ${r.failure()?.errorText}`),
  );
  return noise;
}

/**
 * Closes a page that openPage made.
 *
 * @param {OpenPage} open
 */
export async function closePage({ page }) {
  await (named === "webkit" ? page.close() : page.browserContext().close());
}
