// @ts-check
//
// First visits in Firefox. It has no trace of its tasks as Chromium has, so all
// that is told is when the page was connected, by the page's own clock, which
// counts whole milliseconds there.

import { closePage, launch, openPage } from "../../browser.mjs";

const mark = "SOCKET_CONNECTED";

/** How many visits each page gets, after one that does not count. */
const rounds = 7;

/**
 * @param {string[]} names of pages
 * @param {(name: string) => string} at
 * @returns {Promise<Record<string, {connected: number}[]>>} milliseconds from
 *   the start of the navigation, by page
 */
export async function visitInFirefox(names, at) {
  /** @type {Record<string, {connected: number}[]>} */
  const visits = Object.fromEntries(names.map((name) => [name, []]));
  const browser = await launch("firefox");
  try {
    for (let round = -1; round < rounds; round++)
      for (const name of names) {
        const connected = await visit(browser, at(name));
        if (round >= 0) visits[name].push({ connected });
      }
    return visits;
  } finally {
    await browser.close();
  }
}

/**
 * @param {import("puppeteer-core").Browser} browser
 * @param {string} url
 */
async function visit(browser, url) {
  const open = await openPage(browser, url);
  const connected = await open.page
    .waitForFunction((name) => performance.getEntriesByName(name)[0], {}, mark)
    .then((entry) => entry.evaluate(({ startTime }) => startTime));
  await closePage(open);
  return connected;
}
