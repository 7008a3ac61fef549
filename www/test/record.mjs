// @ts-check
//
// Records what npm's bsock says and understands into bsock/testdata/vectors/,
// where the Go tests read it:
//
//   node record.mjs           writes the files
//   node record.mjs --check   fails if a file is not what would be written

import { readFile, writeFile } from "node:fs/promises";
import { format } from "prettier";
import { recordDecode } from "./vectors/decode.mjs";
import { recordEncode } from "./vectors/encode.mjs";
import { recordSession } from "./vectors/session.mjs";

const folder = new URL("../../bsock/testdata/vectors/", import.meta.url);

/** @returns {Promise<Record<string, string>>} file name to contents */
export async function record() {
  const files = {
    "encode.json": await recordEncode(),
    "decode.json": recordDecode(),
    "session.json": await recordSession(),
  };
  /** @type {Record<string, string>} */
  const texts = {};
  for (const [name, vectors] of Object.entries(files))
    texts[name] = await format(visible(vectors), { parser: "json" });
  return texts;
}

// JSON lets these stand as they are, but no editor shows them.
/** @param {object[]} vectors */
function visible(vectors) {
  return JSON.stringify(vectors).replace(
    /[\u007f\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** @returns {Promise<string[]>} the files that differ from a fresh recording */
export async function stale() {
  const names = [];
  for (const [name, text] of Object.entries(await record())) {
    const there = await readFile(new URL(name, folder), "utf8").catch(() => "");
    if (there !== text) names.push(name);
  }
  return names;
}

async function write() {
  for (const [name, text] of Object.entries(await record()))
    await writeFile(new URL(name, folder), text);
}

if (import.meta.url === `file://${process.argv[1]}`) {
  if (!process.argv.includes("--check")) await write();
  for (const name of await stale()) {
    console.error(`${name} is stale: run node record.mjs in www/test`);
    process.exitCode = 1;
  }
}
