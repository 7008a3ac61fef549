// @ts-check
//
// www/PERFORMANCE.md is written by people, but for what stands between its
// markers, which is written anew from what a run of the bench has left:
//
//   <!-- figures: targets -->
//   <!-- end -->
//
//   node www/test/bench/document.mjs .cache/bench
//
// What may stand for "targets" is in markdown.mjs. The plots that the page shows
// are copied into www/performance, and no others stay there.

import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { figures } from "./markdown.mjs";

const www = fileURLToPath(new URL("../../", import.meta.url));

const [opening, closing] = ["<!-- figures: ", "<!-- end -->"];

/**
 * @param {string} page
 * @param {(name: string) => string} figuresOf
 * @returns {string} the page with what is between its markers written anew
 */
export function fill(page, figuresOf) {
  const [start, ...parts] = page.split(opening);
  const filled = parts.map((part) => {
    const name = part.slice(0, part.indexOf(" -->"));
    const end = part.indexOf(closing);
    if (end === -1)
      throw new Error(`${opening}${name} --> is not closed: add ${closing}`);
    return `${opening}${name} -->\n\n${figuresOf(name)}\n\n${part.slice(end)}`;
  });
  return [start, ...filled].join("");
}

/**
 * @param {string} page
 * @returns {string[]} the file of each plot that it shows
 */
export function plotsOf(page) {
  return [...page.matchAll(/\]\(performance\/([\w-]+\.svg)\)/g)].map(
    ([, file]) => file,
  );
}

/** @param {string} folder that a run of the bench has written */
async function main(folder) {
  const file = join(folder, "results.json");
  const text = await readFile(file, "utf8").catch((error) => {
    throw new Error(`run "make bench" first: ${error.message}`);
  });
  const page = join(www, "PERFORMANCE.md");
  const old = await readFile(page, "utf8");
  const filled = fill(old, figures(JSON.parse(text)));
  const shown = join(www, "performance");
  await rm(shown, { recursive: true, force: true });
  await mkdir(shown);
  for (const plot of plotsOf(filled))
    await copyFile(join(folder, plot), join(shown, plot));
  await writeFile(page, filled);
  console.error(`${relative(".", page)} is of ${file}`);
}

if (argv[1] === fileURLToPath(import.meta.url))
  await main(argv[2] ?? join(www, "../.cache/bench"));
