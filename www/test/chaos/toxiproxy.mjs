// @ts-check
//
// Shopify's toxiproxy, as pinned in build/tools, with one proxy in it.

import { execFile } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Program } from "../process.mjs";

const tools = fileURLToPath(new URL("../../../build/tools", import.meta.url));
const tool = "github.com/Shopify/toxiproxy/v2/cmd/server";

/** How long toxiproxy may take to do what it is told, in milliseconds. */
const patience = 10_000;

/** A Toxiproxy is a running proxy to one server. */
export class Toxiproxy {
  #api = "";
  /** @type {Program} */
  #program;
  port = 0;

  /**
   * @param {string} upstream the host and port of the server
   * @param {number} seed for what toxiproxy leaves to chance
   */
  async open(upstream, seed) {
    const { stdout } = await promisify(execFile)("go", [
      ...["-C", tools],
      ...["tool", "-n", tool],
    ]);
    const port = await freePort();
    this.#api = `http://127.0.0.1:${port}`;
    this.#program = new Program(
      stdout.trim(),
      ["-host", "127.0.0.1", "-port", `${port}`, "-seed", `${seed}`],
      { env: { LOG_LEVEL: "error" } },
    );
    const proxy = await this.#create({
      name: "page",
      listen: "127.0.0.1:0",
      upstream,
    });
    this.port = Number(new URL(`http://${proxy.listen}`).port);
    return this;
  }

  // It says that it listens before it does: ask until it answers.
  /** @param {{name: string, listen: string, upstream: string}} proxy */
  async #create(proxy) {
    const giveUp = Date.now() + patience;
    for (;;) {
      try {
        return await this.#ask("POST", "/proxies", { ...proxy, enabled: true });
      } catch (error) {
        if (Date.now() > giveUp)
          throw new Error(
            `toxiproxy did not start: ${error}\n${this.#program.output}`,
          );
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /** @param {import("./plan.mjs").Toxic} toxic */
  async add({ type, stream, attributes }) {
    const name = `${type} ${stream}`;
    await this.#ask("POST", "/proxies/page/toxics", {
      name,
      type,
      stream,
      attributes,
    });
  }

  /** Ends all connections and takes no others until heal. */
  async disable() {
    await this.#ask("POST", "/proxies/page", { enabled: false });
  }

  /** Undoes add and disable. */
  async heal() {
    await this.#ask("POST", "/reset");
  }

  async close() {
    await this.#program?.stop();
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   */
  async #ask(method, path, body) {
    const response = await fetch(this.#api + path, {
      method,
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(patience),
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`toxiproxy: ${method} ${path}: ${text.trim()}`);
    return text && JSON.parse(text);
  }
}

// It takes no port 0 for its API, or rather does not say which one it took.
/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (
        server.address()
      );
      server.close(() => resolve(port));
    });
  });
}
