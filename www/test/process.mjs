// @ts-check
//
// Programs that a test starts: what they print can be waited for, and none of
// them outlives the test.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const patience = 60_000;

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

// A test that breaks down stops nothing any more.
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** A Program is a child process that is read line by line. */
export class Program {
  /** @type {string[]} */
  #lines = [];
  /** @type {Set<() => void>} */
  #waiting = new Set();
  #complaints = "";
  #ended = false;
  #sequence = 0;

  /**
   * @param {string} command
   * @param {string[]} args
   * @param {{cwd?: string, env?: Record<string, string>}} [options] env is
   *   added to this process's own
   */
  constructor(command, args, { cwd, env } = {}) {
    this.name = [command, ...args].join(" ");
    this.child = spawn(command, args, { cwd, env: { ...process.env, ...env } });
    running.add(this.child);
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      this.#lines.push(line);
      this.#wake();
    });
    this.child.stderr.on("data", (data) => (this.#complaints += data));
    // Whoever asks a program that has ended hears of it from its silence.
    this.child.stdin.on("error", () => {});
    this.child.on("error", (error) => this.#end(String(error)));
    this.child.on("close", () => this.#end(""));
  }

  /** @param {string} why */
  #end(why) {
    this.#complaints += why;
    this.#ended = true;
    running.delete(this.child);
    this.#wake();
  }

  #wake() {
    for (const wake of this.#waiting) wake();
  }

  /** Everything the program printed so far. */
  get output() {
    return [...this.#lines, this.#complaints].join("\n");
  }

  /**
   * Waits for a line that find makes something of, and returns that.
   *
   * @template T
   * @param {string} what for the error, should it not come
   * @param {(line: string) => T | undefined | null} find
   * @returns {Promise<T>}
   */
  async line(what, find) {
    const giveUp = Date.now() + patience;
    let next = 0;
    for (;;) {
      for (; next < this.#lines.length; next++) {
        const found = find(this.#lines[next]);
        if (found !== undefined && found !== null) return found;
      }
      if (this.#ended || Date.now() > giveUp)
        throw new Error(`${this.name} never said ${what}:\n${this.output}`);
      await this.#change(giveUp - Date.now());
    }
  }

  /** @param {number} limit */
  #change(limit) {
    /** @type {Promise<void>} */
    const change = new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, limit);
      this.#waiting.add(wake);
    });
    return change;
  }

  /**
   * Sends a command as a line of JSON and returns the `result` of its answer.
   *
   * @param {object} command
   * @returns {Promise<any>}
   */
  async ask(command) {
    const id = ++this.#sequence;
    this.child.stdin.write(JSON.stringify({ id, ...command }) + "\n");
    const { result, error } = await this.line(`{"id":${id}}`, (line) => {
      const answer = JSON.parse(line);
      return answer.id === id ? answer : undefined;
    });
    if (error !== undefined) throw new Error(`${this.name}: ${error}`);
    return result;
  }

  /** Interrupts the program as Ctrl-C would, and waits until it is gone. */
  async stop() {
    if (this.#ended) return this.child.exitCode;
    const closed = once(this.child, "close");
    this.child.kill("SIGINT");
    const killer = setTimeout(() => this.child.kill("SIGKILL"), 10_000);
    await closed;
    clearTimeout(killer);
    return this.child.exitCode;
  }
}
