// @ts-check
//
// The sites that the bench's pages come from: /NAME is a page that has a frame
// for each subject, /frame is such a frame.

import { Site, html } from "../site.mjs";

/**
 * @param {string} name of the page, and of what it offers
 * @param {string} folder of page.mjs and frame.mjs
 * @returns {Promise<Site>}
 */
export async function benchSite(name = "bench", folder = "/bench") {
  const site = await new Site().open();
  site.replies.set(
    `/${name}`,
    html(`globalThis.${name} = import("${folder}/page.mjs");`),
  );
  site.replies.set(
    "/frame",
    html(`globalThis.frame = import("${folder}/frame.mjs");`),
  );
  return site;
}
