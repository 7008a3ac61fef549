// @ts-check
//
// A page behind WebDriver with those methods of puppeteer's Page that the tests
// use which run in every browser. WebDriver tells nothing of a console, so the
// page itself keeps what was said, from its first script on, and every answer
// brings it along.

/** The first script of a page that is driven through WebDriver. */
export const prelude = `<script>
globalThis.noise = [];
addEventListener("error", (e) => noise.push("uncaught: " + (e.error ?? e.message)));
addEventListener("unhandledrejection", (e) => noise.push("uncaught: " + e.reason));
for (const level of ["debug", "log", "info", "warn", "error"]) {
  const write = console[level];
  console[level] = (...words) => {
    noise.push("console." + level + ": " + words.join(" "));
    write.apply(console, words);
  };
}
</script>`;

/** How often a page that nobody asks is asked what was said, in milliseconds. */
const interval = 100;

/** A WebDriverPage is a window of its own. */
export class WebDriverPage {
  #driver;
  #handle;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  /** @type {string[]} */
  noise = [];

  /** @param {import("./webdriver.mjs").WebDriver} driver */
  constructor(driver) {
    this.#driver = driver;
    this.#handle = driver.first;
  }

  /** @param {string} url */
  async open(url) {
    // A tab would be hidden behind the next one, and slowed down by that.
    const { handle } = await this.#inWindow(() =>
      this.#ask("POST", "/window/new", { type: "window" }),
    );
    this.#handle = handle;
    await this.#inWindow(() => this.#ask("POST", "/url", { url }));
    this.#listen();
    return this;
  }

  async close() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#inWindow(() => this.#ask("DELETE", "/window"));
  }

  #listen() {
    const timer = setTimeout(async () => {
      await this.evaluate("0").catch(() => {});
      if (timer === this.#timer) this.#listen();
    }, interval);
    // A page that a failed test left open keeps nobody waiting.
    this.#timer = timer.unref();
  }

  /**
   * Calls a function in the page, or evaluates an expression, and waits for the
   * promise it may give.
   *
   * @param {string | ((...args: any[]) => any)} what
   * @param {unknown[]} args
   */
  async evaluate(what, ...args) {
    const expression =
      typeof what === "string" ? what : `(${what})(...arguments[0])`;
    const text = await this.#inWindow(() =>
      this.#ask("POST", "/execute/async", {
        script: scriptOf(expression),
        args: [args],
      }),
    );
    const { value, error, noise } = JSON.parse(text);
    this.noise.push(...noise);
    if (error !== undefined) throw new Error(error);
    return value;
  }

  /** @param {string} expression */
  async waitForFunction(expression) {
    await this.evaluate(`new Promise((resolve, reject) => {
      const giveUp = performance.now() + 30_000;
      const timer = setInterval(() => {
        if (${expression}) resolve();
        else if (performance.now() < giveUp) return;
        else reject(new Error("it did not come true: " + ${JSON.stringify(expression)}));
        clearInterval(timer);
      }, 20);
    })`);
  }

  /**
   * @template T
   * @param {() => Promise<T>} commands
   */
  #inWindow(commands) {
    return this.#driver.alone(async () => {
      await this.#ask("POST", "/window", { handle: this.#handle });
      return commands();
    });
  }

  /**
   * @param {"GET" | "POST" | "DELETE"} method
   * @param {string} command
   * @param {object} [body]
   */
  #ask(method, command, body = method === "POST" ? {} : undefined) {
    return this.#driver.ask(method, this.#driver.path(command), body);
  }
}

// What comes back is text: WebDriver has its own idea of how objects are copied.
/** @param {string} expression */
function scriptOf(expression) {
  return `
    const done = arguments[1];
    const answer = (what) =>
      JSON.stringify({ ...what, noise: (globalThis.noise ?? []).splice(0) });
    (async () => (${expression}))()
      .then((value) => answer({ value }))
      .catch((error) => answer({ error: error + "\\n" + (error?.stack ?? "") }))
      .then(done);
  `;
}
