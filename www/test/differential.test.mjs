// @ts-check
//
// One transcript, three implementations: the Go of the middleware has passed it
// by itself, as middleware/script_test.go has it; here the package as built and
// bsock-middleware 1.1.5 are driven through it, in a page, over the same server
// and the same clock. The package must do what the transcript says. 1.1.5 does
// otherwise in places, and transcripts/differences.txt has all of them, each
// with its reason: one that is not there fails, and so does one that is gone.
// Actions that it does not know at all are in transcripts/additions.mjs.
//
// UPDATE=1 writes the list anew; a reason that it cannot know is a question
// mark, and a question mark fails.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { closePage, openPage } from "./browser.mjs";
import { html } from "./site.mjs";
import { Stage } from "./stage.mjs";
import { additions } from "./transcripts/additions.mjs";
import {
  comparable,
  difference,
  parse,
  visible,
} from "./transcripts/transcript.mjs";

/** @typedef {import("./transcripts/transcript.mjs").Block} Block */

/**
 * A Difference is an entry of the list: what 1.1.5 lacks, marked with a minus,
 * and what it has instead, marked with a plus.
 *
 * @typedef {{reasons: string[], lines: string[]}} Difference
 */

const stage = new Stage();
const scripts = new URL("../../middleware/testdata/script/", import.meta.url);

/** What 1.1.5 can be held to as well. */
const dropin = "dropin";
/**
 * What only the package can. A page must be able to obey, and to see; and it
 * waits for a random time before an attempt, for which a transcript that has
 * several losses has no answer.
 */
const own = [
  "emit",
  "listen",
  "offline",
  "pace",
  "reentry",
  "socketio",
  "waiting",
];

const list = new URL("transcripts/differences.txt", import.meta.url);

/** @type {Map<string, Difference>} */
let listed;

before(async () => {
  listed = readList(await readFile(list, "utf8"));
  await stage.openPages();
  stage.site.replies.set("/ours", html(script('(await import("bsock-wasm"))')));
  stage.site.replies.set(
    "/npm",
    html(
      script(
        '{ default: await (await import("/pages/old.mjs")).oldMiddleware() }',
      ),
    ),
  );
});
after(() => stage.close());

// The clock and the WebSocket are the transcript's before anything is imported.
/** @param {string} subject an expression, whose default export is the factory */
const script = (subject) => `
  import { Machine, prepare } from "/transcripts/machine.mjs";
  globalThis.machine = (async () => {
    prepare();
    const subject = ${subject};
    await subject.load?.();
    return new Machine(subject.default);
  })();
`;

/**
 * @param {string} name
 * @returns {Promise<Block[]>}
 */
async function transcript(name) {
  return parse(await readFile(new URL(`${name}.txt`, scripts), "utf8"));
}

/**
 * Drives a transcript through what is at an address.
 *
 * @param {string} path
 * @param {Block[]} blocks
 * @returns {Promise<{outputs: string[][], added: string[]}>} what came out, by
 *   block, and which of the additions there were
 */
async function driven(path, blocks) {
  const open = await openPage(stage.browser, stage.site.url(path));
  const outputs = [];
  for (const { lines } of blocks)
    outputs.push(
      await open.page.evaluate(async (given) => {
        return (await machine).run(given);
      }, lines),
    );
  const added = await open.page.evaluate(async () => [
    ...(await machine).added,
  ]);
  await closePage(open);
  return { outputs, added };
}

for (const name of [dropin, ...own])
  test(`the package does in a page what its Go does alone: ${name}`, async () => {
    const blocks = await transcript(name);
    const { outputs } = await driven("/ours", blocks);
    for (const [i, { title, output }] of blocks.entries())
      assert.deepEqual(comparable(outputs[i]), comparable(output), title);
  });

test("what is added is dispatched by the package, and by 1.1.5 not at all", async () => {
  const blocks = await transcript(dropin);
  const ours = await driven("/ours", blocks);
  assert.deepEqual(ours.added.sort(), Object.keys(additions).sort());
  const npms = await driven("/npm", blocks);
  assert.deepEqual(npms.added, []);
});

test("1.1.5 does the same, but for what is listed", async () => {
  const found = await differences();
  if (process.env.UPDATE) await writeFile(list, textOf(found));
  const titles = [...found.keys()];
  assert.deepEqual(
    [...listed.keys()],
    titles,
    "all that there are, and no more",
  );
  for (const [title, { reasons, lines }] of found) {
    assert.deepEqual(lines, listed.get(title)?.lines, title);
    assert.ok(!reasons.includes("?"), `there is a reason for: ${title}`);
  }
});

/** @returns {Promise<Map<string, Difference>>} by the blocks' titles */
async function differences() {
  const blocks = await transcript(dropin);
  const { outputs } = await driven("/npm", blocks);
  /** @type {Map<string, Difference>} */
  const found = new Map();
  for (const [i, { title, output }] of blocks.entries()) {
    const lines = difference(visible(output), visible(outputs[i]));
    const reasons = listed.get(title)?.reasons ?? ["?"];
    if (lines.length > 0) found.set(title, { reasons, lines });
  }
  return found;
}

/** @param {string} text */
function readList(text) {
  /** @type {Map<string, Difference>} */
  const entries = new Map();
  for (const { title, lines, output } of parse(text))
    entries.set(title, { reasons: lines, lines: output });
  return entries;
}

/** @param {Map<string, Difference>} entries */
function textOf(entries) {
  const head =
    "# What bsock-middleware 1.1.5 does otherwise: the block of the transcript,\n" +
    "# the reasons, and the lines that it lacks (-) and has (+).\n";
  const parts = Array.from(
    entries,
    ([title, { reasons, lines }]) =>
      `# ${title}\n${reasons.join("\n")}\n----\n${lines.join("\n")}\n`,
  );
  return [head, ...parts].join("\n");
}
