// @ts-check
//
// The world that a chain lives in: blocks are mined and coins are sent, whether
// or not anybody hears of it.

/** A Miner works until it is stopped. A node that was killed makes it wait. */
export class Miner {
  sent = 0;
  #world;
  #random;
  /** @type {Promise<void> | undefined} */
  #work;
  #running = true;

  /**
   * @param {import("./world.mjs").World} world
   * @param {import("../pages/chaos-random.mjs").Random} random
   */
  constructor(world, random) {
    this.#world = world;
    this.#random = random;
  }

  /** Makes the wallets, and coins that can be spent. */
  async open() {
    for (const wallet of ["alice", "bob"])
      await this.#world.ask({ do: "wallet", wallet });
    await this.#world.ask({ do: "mine", blocks: 10 });
    this.#work = this.#run();
    return this;
  }

  async stop() {
    this.#running = false;
    await this.#work;
  }

  async #run() {
    while (this.#running) {
      await pause(this.#random.between(100, 600));
      // It may be killed in the middle of it.
      await this.#something().catch(() => {});
    }
  }

  async #something() {
    const random = this.#random;
    const blocks = random.between(1, 2);
    if (random.between(1, 3) < 3)
      return this.#world.ask({ do: "mine", blocks });
    const wallet = random.pick(["alice", "bob"]);
    await this.#world.ask({ do: "send", wallet, value: 1e6 });
    this.sent++;
  }
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
