// @ts-check
//
// A headless Chromium, and pages in it that remember every word they said.

import { access, constants } from "node:fs/promises";
import puppeteer from "puppeteer-core";

// Chromium looks for its maker's hosts at every start; here it need not.
const flags = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** @returns {Promise<import("puppeteer-core").Browser>} */
export async function launch() {
  return puppeteer.launch({
    executablePath: await chromium(),
    args: isRoot() ? [...flags, "--no-sandbox"] : flags,
    protocolTimeout: 120_000,
  });
}

// Chromium refuses to sandbox what root runs.
function isRoot() {
  return process.getuid?.() === 0;
}

async function chromium() {
  const path = process.env.CHROME || "/usr/bin/chromium";
  try {
    await access(path, constants.X_OK);
  } catch {
    throw new Error(
      `no browser at ${path}: install Debian's package chromium, ` +
        "or set CHROME to the path of a Chromium or Chrome",
    );
  }
  return path;
}

/**
 * An OpenPage is a page and its noise: what it wrote to the console, exceptions
 * that nobody caught, rejections that nobody handled, requests that failed.
 *
 * @typedef {object} OpenPage
 * @property {import("puppeteer-core").Page} page
 * @property {string[]} noise
 */

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
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const noise = listen(page);
  await prepare?.(page);
  await page.goto(url, { waitUntil: "load" });
  return { page, noise };
}

/** @param {import("puppeteer-core").Page} page */
function listen(page) {
  /** @type {string[]} */
  const noise = [];
  page.on("console", (m) => noise.push(`console.${m.type()}: ${m.text()}`));
  page.on("pageerror", (error) => noise.push(`uncaught: ${error}`));
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
  await page.browserContext().close();
}
