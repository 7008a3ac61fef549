// @ts-check
//
// A client of WebDriver, as far as tests need it, and the programs that answer
// to it: WebKitGTK's driver, which starts Debian's MiniBrowser on a screen that
// nobody sees.
//
// https://www.w3.org/TR/webdriver2/

import { readdir } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { Program } from "./process.mjs";

const remedy =
  "install Debian's packages webkit2gtk-driver and xvfb " +
  "(as root, `go run ./build browser webkit` does)";

/** How long a page may take to answer, in milliseconds. */
const patience = 120_000;

/** A WebDriver is one session with one browser. */
export class WebDriver {
  #address;
  #session = "";
  /** The window it began with: others come out of it, and it is never closed. */
  first = "";
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /** @param {string} address */
  constructor(address) {
    this.#address = address;
  }

  /** @param {object} capabilities */
  async open(capabilities) {
    const { sessionId } = await this.ask("POST", "/session", {
      capabilities: { alwaysMatch: capabilities },
    });
    this.#session = `/session/${sessionId}`;
    await this.ask("POST", this.path("/timeouts"), {
      script: patience,
      pageLoad: patience,
    });
    this.first = await this.ask("GET", this.path("/window"));
  }

  /** @param {string} command */
  path(command) {
    return this.#session + command;
  }

  /**
   * Runs some commands with no other between them: a session looks at one
   * window at a time.
   *
   * @template T
   * @param {() => Promise<T>} commands
   * @returns {Promise<T>}
   */
  alone(commands) {
    const run = this.#last.then(commands);
    this.#last = run.catch(() => {});
    return run;
  }

  /**
   * @param {"GET" | "POST" | "DELETE"} method
   * @param {string} path
   * @param {object} [body]
   * @returns {Promise<any>}
   */
  async ask(method, path, body) {
    const response = await fetch(this.#address + path, {
      method,
      body: body && JSON.stringify(body),
    });
    const { value } = /** @type {any} */ (await response.json());
    if (!response.ok)
      throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  }
}

/** A WebKit is a running browser, with all that it stands on. */
export class WebKit {
  /** @type {Program[]} */
  #programs = [];
  /** @type {WebDriver} */
  driver;

  async open() {
    const binary = await miniBrowser();
    const screen = this.#start("Xvfb", [
      ...["-displayfd", "1", "-screen", "0", "1280x800x24"],
      ...["-nolisten", "tcp"],
    ]);
    const display = await screen.line("its display", (line) =>
      line.match(/^\d+$/)?.at(0),
    );
    const port = await freePort();
    this.#start("WebKitWebDriver", [`--port=${port}`], {
      DISPLAY: `:${display}`,
      GDK_BACKEND: "x11",
      // Its sandbox does not start where root runs it, or in a container.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
    });
    this.driver = new WebDriver(`http://127.0.0.1:${port}`);
    await this.#ready();
    await this.driver.open({
      "webkitgtk:browserOptions": { binary, args: ["--automation"] },
    });
    return this;
  }

  /**
   * @param {string} command
   * @param {string[]} args
   * @param {Record<string, string>} [env]
   */
  #start(command, args, env) {
    const program = new Program(command, args, { env });
    this.#programs.push(program);
    return program;
  }

  async #ready() {
    for (const giveUp = Date.now() + 20_000; ; await pause(50))
      try {
        return await this.driver.ask("GET", "/status");
      } catch (error) {
        if (Date.now() < giveUp) continue;
        throw new Error(`WebKitWebDriver does not answer: ${remedy}`, {
          cause: error,
        });
      }
  }

  async close() {
    await this.driver?.ask("DELETE", this.driver.path("")).catch(() => {});
    for (const program of this.#programs.reverse()) await program.stop();
  }
}

async function miniBrowser() {
  if (process.env.MINIBROWSER) return process.env.MINIBROWSER;
  for (const folder of ["/usr/lib", ...(await inside("/usr/lib", /-linux-/))])
    for (const webkit of await inside(folder, /^webkit2?gtk-\d/))
      if ((await inside(webkit, /^MiniBrowser$/)).length > 0)
        return `${webkit}/MiniBrowser`;
  throw new Error(
    `there is no MiniBrowser: ${remedy}, or name one with MINIBROWSER`,
  );
}

/**
 * @param {string} folder
 * @param {RegExp} name
 */
async function inside(folder, name) {
  const names = await readdir(folder).catch(() => []);
  return names.filter((each) => name.test(each)).map((n) => `${folder}/${n}`);
}

// The driver takes a port, but does not say which it would have chosen.
/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (
        server.address()
      );
      server.close(() => resolve(port));
    });
  });
}
