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
import { Site, html } from "../../site.mjs";

/** @typedef {import("../result.mjs").Row} Row */
/** @typedef {import("../result.mjs").Curve} Curve */
/** @typedef {import("../growth/plan.mjs").Plan} Plan */
/** @typedef {Record<string, [number, number][]>} Series by subject: medians */

/** @type {Record<string, string>} */
const names = { ours: "ours", "1.1.5": defaultPeer, plain: defaultLimit };

/** @type {Record<"quick" | "full", import("../growth/page.mjs").Effort>} */
const efforts = {
  quick: { rounds: 3, budget: 150, warming: 25, patience: 500 },
  full: { rounds: 9, budget: 1000, warming: 150, patience: 2000 },
};

/**
 * @param {import("../result.mjs").Context} context
 * @returns {Promise<Required<import("../result.mjs").Result>>}
 */
export async function run({ quick, say }) {
  const site = await growthSite();
  const browser = await launch("chromium");
  try {
    const rows = [];
    const curves = [];
    const { page } = await openPage(browser, site.url("/growth"));
    for (const [id, plan] of Object.entries(plans)) {
      const xs = pointsOf(plan, quick);
      say(`${plan.title}: ${xs.join(", ")}`);
      const series = await measure(page, id, plan.subjects, xs, quick);
      curves.push(curve(id, plan, series));
      rows.push(row(id, plan, series));
    }
    const { page: fresh } = await openPage(browser, site.url("/growth"));
    rows.push(...(await memoryRows(fresh, quick)));
    return { rows, curves };
  } finally {
    await browser.close();
    await site.close();
  }
}

/** @returns {Promise<Site>} */
async function growthSite() {
  const site = await new Site().open();
  site.replies.set(
    "/growth",
    html(`globalThis.growth = import("/bench/growth/page.mjs");`),
  );
  site.replies.set(
    "/growth-frame",
    html(`globalThis.frame = import("/bench/growth/frame.mjs");`),
  );
  return site;
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
  for (const x of xs) {
    const numbers = await page.evaluate(
      async (...args) => (await growth).point(...args),
      id,
      x,
      subjects,
      efforts[quick ? "quick" : "full"],
    );
    for (const name of subjects)
      series[name].push([x, spread(numbers[name]).median]);
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
      points,
    })),
    growth: whole,
    note,
  };
}

/**
 * How much more a unit costs at the end of a curve.
 *
 * @param {string} id
 * @param {Plan} plan
 * @param {Series} series
 * @returns {Row}
 */
function row(id, plan, series) {
  const { x, y, from, atMost, whole, note } = plan;
  const last = series.ours[series.ours.length - 1][0];
  const per = whole ? `a byte of ${y}` : y;
  const more = (/** @type {[number, number][]} */ points) => {
    const first = points.find(([at]) => at === from) ?? points[0];
    const end = points[points.length - 1];
    return [(end[1] / first[1]) * (whole ? first[0] / end[0] : 1)];
  };
  return {
    id: `growth-${id}`,
    group:
      "how cost grows: what the last of x costs, as a multiple of an early one",
    title: `${plan.title}: ${per}, ${count(last)} ${x} ÷ ${count(from)}`,
    unit: "×",
    better: "less",
    ours: more(series.ours),
    peer: series["1.1.5"] && more(series["1.1.5"]),
    limit: series.plain && more(series.plain),
    targets: [{ of: "value", atMost }],
    note,
  };
}

/** @param {number} x */
function count(x) {
  return x.toLocaleString("en");
}
