// @ts-check
//
// Where and with what the figures were measured: no figure is worth much
// without it.

import { execFile } from "node:child_process";
import { cpus, release, totalmem, type } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * @typedef {object} Machine
 * @property {string} cpu
 * @property {number} cores
 * @property {number} memory in GiB
 * @property {string} os
 * @property {string} chromium
 * @property {string} firefox
 * @property {string} node
 * @property {string} go
 * @property {string} commit
 * @property {string} date
 */

/** @returns {Promise<Machine>} */
export async function machine() {
  const [{ model }] = cpus();
  const [chromium, firefox, go, commit, changes] = await Promise.all([
    said(process.env.CHROME || "chromium", "--version"),
    said(process.env.FIREFOX, "--version"),
    said("go", "env", "GOVERSION"),
    said("git", "rev-parse", "--short=12", "HEAD"),
    said("git", "status", "--porcelain"),
  ]);
  return {
    cpu: model.trim(),
    cores: cpus().length,
    memory: Math.round(totalmem() / 2 ** 30),
    os: `${type()} ${release()}`,
    chromium,
    firefox,
    node: process.version,
    go,
    commit: commit + (changes ? " and what is not committed" : ""),
    date: new Date().toISOString(),
  };
}

/**
 * What a program says of itself, or nothing where there is none.
 *
 * @param {string | undefined} program
 * @param {...string} args
 */
async function said(program, ...args) {
  if (!program) return "";
  const run = promisify(execFile)(program, args, { cwd: root });
  return run.then(
    ({ stdout }) => stdout.trim(),
    () => "",
  );
}

/** @param {Machine} m */
export function inWords(m) {
  const programs = [m.chromium, m.firefox, `Node ${m.node}`, m.go];
  return [
    `${m.cpu}, ${m.cores} cores, ${m.memory} GiB, ${m.os}`,
    `${programs.filter(Boolean).join(", ")}; commit ${m.commit}, ${m.date}`,
  ];
}
