// @ts-check
//
// A page that is not watched. A page of puppeteer's reports every frame of every
// WebSocket to Node, payload and all: with 10,000 events a second that takes
// more of two cores than receiving them. So this one is spoken to by a session
// of its own, on which nothing is switched on but what a bench asks for.

/** @typedef {import("puppeteer-core").Browser} Browser */
/** @typedef {import("puppeteer-core").CDPSession} CDPSession */

/** What tells its window from those that are there already. */
const blank = "about:blank#unwatched";

/** An UnwatchedPage is a page in Chromium, alone in its window. */
export class UnwatchedPage {
  /** @type {CDPSession} */
  #session;

  /** @param {CDPSession} session */
  constructor(session) {
    this.#session = session;
  }

  /**
   * @param {Browser} browser
   * @param {string} url
   */
  static async open(browser, url) {
    const all = await browser.target().createCDPSession();
    await all.send("Target.createTarget", { url: blank });
    const target = await browser.waitForTarget((each) => each.url() === blank);
    const session = await target.createCDPSession();
    await session.send("Page.enable");
    const loaded = new Promise((resolve) =>
      session.once("Page.loadEventFired", resolve),
    );
    await session.send("Page.navigate", { url });
    await loaded;
    // By the time that the thread ran, not by the clock on the wall.
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    return new UnwatchedPage(session);
  }

  /**
   * Calls a function in the page, with arguments that are JSON.
   *
   * @template {any[]} Args
   * @template Value
   * @param {(...args: Args) => Promise<Value>} call
   * @param {Args} args
   * @returns {Promise<Value>}
   */
  async evaluate(call, ...args) {
    const list = args.map((each) => JSON.stringify(each)).join(",");
    const { result, exceptionDetails } = await this.#session.send(
      "Runtime.evaluate",
      {
        expression: `(${call})(${list})`,
        awaitPromise: true,
        returnByValue: true,
      },
    );
    if (exceptionDetails)
      throw new Error(
        exceptionDetails.exception?.description ?? exceptionDetails.text,
      );
    return result.value;
  }

  /** How long the page's main thread has run so far, in microseconds. */
  async busy() {
    const { metrics } = await this.#session.send("Performance.getMetrics");
    const { value } = /** @type {{value: number}} */ (
      metrics.find(({ name }) => name === "TaskDuration")
    );
    return value * 1e6;
  }
}
