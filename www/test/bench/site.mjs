// @ts-check
//
// The site that the bench's pages come from: /bench is the page that has a
// frame for each subject, /frame is such a frame.

import { Site, html } from "../site.mjs";

/** @returns {Promise<Site>} */
export async function benchSite() {
  const site = await new Site().open();
  site.replies.set(
    "/bench",
    html(`globalThis.bench = import("/bench/page.mjs");`),
  );
  site.replies.set(
    "/frame",
    html(`globalThis.frame = import("/bench/frame.mjs");`),
  );
  return site;
}
