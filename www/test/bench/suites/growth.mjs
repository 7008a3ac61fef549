// @ts-check
//
// How cost grows in the browser: ours, 1.1.5 where it has the like and survives
// it, and plain JavaScript as the limit, in turn, over WebSockets with nothing
// behind them. Each curve says what a unit costs as x grows, so a flat one is
// linear; each row says how much more it costs at the end.

import { launch, openPage } from "../../browser.mjs";
import { memoryRows } from "../growth/memory.mjs";
import { plans, pointsOf } from "../growth/plan.mjs";
import { defaultLimit, defaultPeer } from "../result.mjs";
import { spread } from "../statistics.mjs";
import { benchSite } from "../site.mjs";

/** @typedef {import("../result.mjs").Row} Row */
/** @typedef {import("../result.mjs").Curve} Curve */
/** @typedef {import("../growth/plan.mjs").Plan} Plan */
/** @typedef {Record<string, [number, number[]][]>} Series by subject: of each x its rounds */

/** @type {Record<string, string>} */
const names = { ours: "ours", "1.1.5": defaultPeer, plain: defaultLimit };

/** @type {Record<"quick" | "full", import("../growth/page.mjs").Effort>} */
const efforts = {
  quick: { rounds: 3, least: 1, budget: 150, warming: 25, patience: 500 },
  full: { rounds: 9, least: 3, budget: 1000, warming: 150, patience: 2000 },
};

/**
 * @param {import("../result.mjs").Context} context
 * @returns {Promise<Required<import("../result.mjs").Result>>}
 */
export async function run({ quick, say }) {
  const site = await benchSite("growth", "/bench/growth");
  const browser = await launch("chromium");
  try {
    const rows = [];
    const curves = [];
    for (const [id, plan] of Object.entries(plans)) {
      const xs = pointsOf(plan, quick);
      say(`${plan.title}: ${xs.join(", ")}`);
      // A page of its own: what others have left would have to be collected.
      const { page } = await openPage(browser, site.url("/growth"));
      const series = await measure(page, id, plan.subjects, xs, quick);
      await page.close();
      curves.push(curve(id, plan, series));
      rows.push(row(id, plan, series, quick));
    }
    const { page: fresh } = await openPage(browser, site.url("/growth"));
    rows.push(...(await memoryRows(fresh, quick)));
    return { rows, curves };
  } finally {
    await browser.close();
    await site.close();
  }
}

/**
 * @param {import("puppeteer-core").Page} page
 * @param {string} id
 * @param {string[]} subjects
 * @param {number[]} xs
 * @param {boolean} quick
 * @returns {Promise<Series>}
 */
async function measure(page, id, subjects, xs, quick) {
  /** @type {Series} */
  const series = Object.fromEntries(subjects.map((name) => [name, []]));
  const effort = efforts[quick ? "quick" : "full"];
  for (const x of xs) {
    const numbers = await page.evaluate(
      async (...args) => (await growth).point(...args),
      id,
      x,
      subjects,
      effort,
    );
    for (const name of subjects) series[name].push([x, numbers[name]]);
  }
  return series;
}

/**
 * @param {string} id
 * @param {Plan} plan
 * @param {Series} series
 * @returns {Curve}
 */
function curve(id, { title, x, y, whole, note }, series) {
  return {
    id,
    title,
    x: { title: x, scale: "log" },
    y: { title: y, unit: "µs", scale: "log" },
    series: Object.entries(series).map(([name, points]) => ({
      name: names[name],
      points: points.map(([x, rounds]) => [x, spread(rounds).median]),
    })),
    growth: whole,
    note,
  };
}

/**
 * How much more a unit costs at the end of a curve. Nothing is held against a
 * quick run that had time for one round: how noisy that is nobody knows.
 *
 * @param {string} id
 * @param {Plan} plan
 * @param {Series} series
 * @param {boolean} quick
 * @returns {Row}
 */
function row(id, plan, series, quick) {
  const { x, y, from, target, whole, note } = plan;
  const last = series.ours[series.ours.length - 1][0];
  const per = whole ? `a byte of ${y}` : y;
  const more = (/** @type {Series[string]} */ points) => {
    const [least, early] = points.find(([at]) => at === from) ?? points[0];
    const [most, late] = points[points.length - 1];
    const times = whole ? least / most : 1;
    // An early round may be too short for the clock; their median is not.
    const { median } = spread(early);
    return late.map((cost) => (cost / median) * times);
  };
  const ours = more(series.ours);
  return {
    id: `growth-${id}`,
    group:
      "how cost grows: what the last of x costs, as a multiple of an early one",
    title: `${plan.title}: ${per}, ${count(last)} ${x} ÷ ${count(from)}`,
    unit: "×",
    better: "less",
    ours,
    peer: series["1.1.5"] && more(series["1.1.5"]),
    limit: series.plain && more(series.plain),
    targets: quick && ours.length === 1 ? [] : [target],
    note,
  };
}

/** @param {number} x */
function count(x) {
  return x.toLocaleString("en");
}
