// @ts-check
//
// The pages of the start bench, as a careful site has them: one minified bundle
// each, and everything packed beforehand as tightly as brotli can.

import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress } from "node:zlib";

const brotli = promisify(brotliCompress);
const here = new URL("./", import.meta.url);
const dist = new URL("../../../dist/", here);
const kept = new URL("../../../../.cache/brotli/", here);

// The bundlers are installed where they are tested.
const require = createRequire(new URL("../../bundlers/build.mjs", here));

/**
 * What a page is made of, by path.
 *
 * @typedef {Map<string, {type: string, plain: Buffer, packed: Buffer}>} Files
 */

/** The bundles, by the names of their entries. */
const applications = ["old", "ours", "external", "plain"];

// The browser need not find out from the script what the script will ask for.
const preload = `<link rel="preload" href="/bsock.wasm" as="fetch" crossorigin>`;

/** @returns {Promise<Files>} */
export async function makeFiles() {
  /** @type {Files} */
  const files = new Map();
  const add = async (
    /** @type {string} */ path,
    /** @type {string} */ type,
    /** @type {string | Uint8Array} */ body,
  ) => {
    const plain = Buffer.from(body);
    files.set(path, { type, plain, packed: await packedOf(plain) });
  };
  const made = applications.map(async (name) => {
    await add(`/${name}.js`, "text/javascript", await bundle(name));
    await add(`/${name}`, "text/html; charset=utf-8", pageOf(name));
  });
  const wasm = await readFile(new URL("bsock.wasm", dist));
  await Promise.all([...made, add("/bsock.wasm", "application/wasm", wasm)]);
  return files;
}

/** @param {string} name */
function pageOf(name) {
  return `<!doctype html><meta charset="utf-8"><title>${name}</title>
<link rel="icon" href="data:,">${name === "external" ? preload : ""}
<h1>A page</h1>
<script type="module" src="/${name}.js"></script>`;
}

/**
 * @param {string} name
 * @returns {Promise<string>}
 */
async function bundle(name) {
  const { outputFiles } = await require("esbuild").build({
    entryPoints: [fileURLToPath(new URL(`${name}.mjs`, here))],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    alias: {
      "bsock-wasm": fileURLToPath(new URL("index.mjs", dist)),
      "bsock-wasm/external": fileURLToPath(new URL("external.mjs", dist)),
    },
  });
  return outputFiles[0].text;
}

// Packing a module takes seconds, so it is kept where the build keeps its own.
/** @param {Buffer} plain */
async function packedOf(plain) {
  const hash = createHash("sha256").update(plain).digest("hex");
  const file = new URL(`${hash}.br`, kept);
  const found = await readFile(file).catch(() => null);
  if (found) return found;
  const packed = await brotli(plain);
  await mkdir(kept, { recursive: true });
  await writeFile(file, packed);
  return packed;
}
