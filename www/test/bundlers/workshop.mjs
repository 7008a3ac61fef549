// @ts-check
//
// A folder where the package is installed as npm would, from its tarball, and
// where applications are built with it.

import { execFile } from "node:child_process";
import {
  access,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const here = fileURLToPath(new URL("./", import.meta.url));
const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

/** @type {Record<string, string>} */
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** What a policy must allow, and no more. */
export const strictest = {
  "Content-Security-Policy":
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
};

/** A policy of somebody who did not think of WebAssembly. */
export const refusing = {
  "Content-Security-Policy": "default-src 'self'; script-src 'self'",
};

/** A Workshop is that folder. */
export class Workshop {
  folder = "";
  /** Where the tarball is. */
  tarball = "";

  async open() {
    await access(join(dist, "package.json")).catch(() => {
      throw new Error("www/dist is no whole package: run `make dist` first");
    });
    this.folder = await mkdtemp(join(tmpdir(), "bsock-bundlers-"));
    const installed = join(this.folder, "node_modules", "bsock-wasm");
    await mkdir(installed, { recursive: true });
    // An application's own: without it, one of a folder above would count.
    const own = JSON.stringify({ name: "application", private: true });
    await writeFile(join(this.folder, "package.json"), own);
    const { stdout } = await run("npm", ["pack", "--silent", dist], {
      cwd: this.folder,
    });
    this.tarball = join(this.folder, stdout.trim());
    const unpack = ["-xzf", this.tarball, "-C", installed];
    await run("tar", [...unpack, "--strip-components=1"]);
    await cp(join(here, "app"), join(this.folder, "app"), { recursive: true });
    await mkdir(join(this.folder, "public"));
    await cp(
      join(installed, "bsock.wasm"),
      join(this.folder, "public", "bsock.wasm"),
    );
    await writeFile(join(this.folder, "public", "favicon.ico"), "");
    for (const name of ["embedded", "external", "located"])
      await writeFile(
        join(this.folder, `${name}.html`),
        page(`/app/${name}.js`, "module"),
      );
    return this;
  }

  /**
   * Builds the applications. What a bundler says is an error: it must not have
   * anything to say about this package.
   *
   * @param {string} bundler
   */
  async build(bundler) {
    const { stderr } = await this.node([
      join(here, "build.mjs"),
      bundler,
      this.folder,
    ]);
    if (stderr !== "") throw new Error(`${bundler} complains: ${stderr}`);
  }

  /**
   * Runs node in the folder.
   *
   * @param {string[]} args
   */
  node(args) {
    // webpack 4 hashes with MD4, which OpenSSL 3 has put aside. Its packages
    // are as old, and so are the warnings that Node has for them.
    const options = "--openssl-legacy-provider --no-deprecation";
    const env = {
      ...process.env,
      NODE_OPTIONS: options,
      NODE_ENV: "production",
    };
    return run("node", args, { cwd: this.folder, env, timeout: 120_000 });
  }

  /**
   * Has a site serve a folder, with a policy.
   *
   * @param {import("../site.mjs").Site} site
   * @param {string} path
   * @param {string} name of the folder
   * @param {Record<string, string>} headers
   */
  async serve(site, path, name, headers) {
    const folder = join(this.folder, name);
    const entries = await readdir(folder, {
      recursive: true,
      withFileTypes: true,
    });
    for (const entry of entries.filter((each) => each.isFile())) {
      const file = join(entry.parentPath ?? entry.path, entry.name);
      site.replies.set(path + file.slice(folder.length), {
        type: types[extname(file)],
        headers,
        body: await readFile(file),
      });
    }
  }

  /** @param {string} name of a file */
  read(name) {
    return readFile(join(this.folder, name), "utf8");
  }

  async close() {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/**
 * A page with scripts.
 *
 * @param {string | string[]} scripts
 * @param {"module" | "classic"} kind
 */
export function page(scripts, kind) {
  const type = kind === "module" ? `type="module" ` : "";
  const tags = [scripts]
    .flat()
    .map((src) => `<script ${type}src="${src}"></script>`);
  return `<!doctype html><meta charset="utf-8"><title>test</title>\n<body>${tags.join("")}</body>\n`;
}
