// @ts-check
//
// An application that goes on working while everything around it breaks. It
// emits in every way there is and writes down what became of each emit; it keeps
// the chain; it joins and leaves wallets. What it has seen is for the judge.

import { selectSocket, socketReducer } from "bsock-wasm";
import { applyMiddleware, legacy_createStore as createStore } from "redux";
import { thunk } from "redux-thunk";
import { Random } from "./chaos-random.mjs";
import { hex, pause, readEntry } from "./app.mjs";
import { Keeper, reduceChain } from "./chaos-chain.mjs";
import { Emits } from "./chaos-emits.mjs";

/** A Survivor is the application. */
export class Survivor {
  /** @type {{gap: number, attempts: number}[]} as SOCKET_RESUMED told them */
  gaps = [];
  /** @type {string[]} */
  violations = [];
  /** @type {Record<string, number>} by code */
  errors = {};
  /** @type {Set<string>} the hashes of all blocks and payments that came */
  #news = new Set();
  #first = true;
  /** @type {Set<string>} what came on this connection */
  #heard = new Set();
  #running = false;
  #over = false;
  #random;
  #wire;

  /**
   * @param {(options: any) => any} bsockMiddleware
   * @param {import("./chaos-wire.mjs").Wire} wire
   * @param {number} seed
   */
  constructor(bsockMiddleware, wire, seed) {
    this.#random = new Random(seed);
    this.#wire = wire;
    wire.dialled = () => this.#heard.clear();
    this.store = createStore(
      (/** @type {any} */ state = {}, /** @type {any} */ action) => ({
        chain: reduceChain(state.chain, action),
        sockets: socketReducer(state.sockets, action),
      }),
      applyMiddleware(
        thunk,
        () => (next) => (action) => this.#handle(next, action),
        bsockMiddleware({
          listeners: [
            { event: "new block", actionType: "NEW_BLOCK" },
            { event: "wallet tx", actionType: "WALLET_TX" },
          ],
          reconnect: { min: 20, max: 400, factor: 2 },
          connectTimeout: 2000,
          authTimeout: 2000,
          ackTimeout: 5000,
          queueLimit: 40,
        }),
      ),
    );
    this.emits = new Emits(this.store.dispatch);
    wire.sent = (id) => this.emits.sent(id);
    this.keeper = new Keeper(this.store, (message, rest, meta) =>
      this.emits.call(message, rest, meta),
    );
  }

  /**
   * Begins to work. What is asked for once has been answered when this resolves.
   *
   * @param {number} port
   * @param {string} apiKey
   */
  async start(port, apiKey) {
    this.store.dispatch({
      type: "CONNECT_SOCKET",
      bsock: { host: "127.0.0.1", port, apiKey: async () => apiKey },
    });
    await this.#wallet("join", "alice");
    await this.keeper.catchUp();
    this.#running = true;
    void this.#work();
  }

  async #work() {
    while (this.#running) {
      this.#emitSomething();
      await pause(this.#random.between(5, 60));
    }
  }

  /**
   * Stops emitting, and gives the store some time to have the node's tip, and
   * the app server some to be back at the wallets.
   *
   * @param {number} patience in milliseconds
   */
  async finish(patience) {
    this.#running = false;
    const well = Promise.all([this.keeper.catchUp(), this.#walletsAreBack()]);
    await Promise.race([well, pause(patience)]);
    this.keeper.stop();
    this.#over = true;
  }

  // The wallet server refuses this in its own words.
  async #walletsAreBack() {
    const meta = { timeout: 2000 };
    while (!this.#over) {
      const refusal = await this.emits
        .call("wallet no such call", {}, meta)
        .catch(({ message }) => message);
      if (/^Call not found/.test(refusal)) return;
      await pause(200);
    }
  }

  /** @param {string[]} hashes */
  hasHeard(hashes) {
    return hashes.every((hash) => this.#news.has(hash));
  }

  get #state() {
    return /** @type {any} */ (this.store.getState());
  }

  /** What the judge wants to know. */
  evidence() {
    const { chain, sockets } = this.#state;
    return {
      chain,
      socket: selectSocket(sockets),
      emits: this.emits.list,
      gaps: this.gaps,
      errors: this.errors,
      news: [...this.#news],
      violations: [...this.#wire.violations, ...this.violations],
    };
  }

  /**
   * Sees each action before the middleware does.
   *
   * @param {(action: unknown) => unknown} next
   * @param {any} action
   */
  #handle(next, action) {
    const result = next(action);
    const { type, payload } = action;
    if (type === "SOCKET_CONNECTED") this.#connected();
    if (type === "SOCKET_RESUMED") this.#resumed(payload);
    if (type === "SOCKET_ERROR") this.#failed(payload);
    if (type === "NEW_BLOCK") this.#block(payload);
    if (type === "WALLET_TX") this.#transaction(payload);
    return result;
  }

  // What is asked for once must last. What a plugin asks for whenever it hears
  // that the socket is connected must not be asked for twice.
  #connected() {
    this.#subscribe("wallet tx", "wallet tx");
    if (!this.#first) return;
    this.#first = false;
    this.emits.emit("broadcast", { message: "watch chain" });
    this.#subscribe("block connect", "new block");
  }

  /** @param {{gap: number, attempts: number}} payload */
  #resumed(payload) {
    this.gaps.push(payload);
    void this.keeper.catchUp();
  }

  /** @param {{message: string, code?: string}} error */
  #failed({ message, code = message }) {
    this.errors[code] = (this.errors[code] ?? 0) + 1;
  }

  /** @param {any[]} payload */
  #block([raw]) {
    this.#hear(hex(raw.subarray(0, 32)));
    if (this.#state.chain.gap) void this.keeper.catchUp();
  }

  /** @param {any[]} payload */
  #transaction([wallet, { hash }]) {
    this.#hear(hash, wallet);
  }

  /**
   * @param {string} hash
   * @param {string} [whose] a transaction can be that of two wallets
   */
  #hear(hash, whose) {
    const what = `${hash} ${whose}`;
    this.#news.add(hash);
    if (this.#heard.has(what))
      this.violations.push(`came twice on one connection: ${what}`);
    this.#heard.add(what);
  }

  #emitSomething() {
    const random = this.#random;
    const { hashes } = this.#state.chain;
    const height = random.between(0, Math.max(0, hashes.length - 1));
    const meta = this.#meta();
    random.pick([
      () => this.emits.call("get tip", {}, meta),
      () =>
        this.emits.call("get entry", { block: height }, meta, (raw) =>
          raw === null ? hashes.length === 0 : readEntry(raw).height === height,
        ),
      () =>
        this.emits.call(
          "get hashes",
          { start: height, end: height },
          meta,
          ([hash]) => hashes.length === 0 || hex(hash) === hashes[height],
        ),
      () => this.emits.call("no such call", {}, meta),
      () => this.emits.emit("broadcast", { message: "get tip" }, meta, true),
      () => this.#wallet(random.pick(["join", "leave"]), "bob"),
    ])();
  }

  #meta() {
    const random = this.#random;
    const impatient = random.between(1, 3) === 1;
    return {
      ...(impatient && { timeout: random.between(20, 800) }),
      queue: random.pick(["queue", "queue", "queue", "fail", "drop"]),
    };
  }

  /**
   * @param {string} message
   * @param {string} responseEvent
   */
  #subscribe(message, responseEvent) {
    this.emits.emit("subscribe", { message, responseEvent });
  }

  /**
   * As plugins do it, by a thunk.
   *
   * @param {"join" | "leave"} verb
   * @param {string} id
   * @returns {Promise<unknown>}
   */
  #wallet(verb, id) {
    const thunk = () =>
      this.emits.emit("dispatch", {
        message: `wallet ${verb}`,
        id,
        acknowledge: () => {},
      });
    return /** @type {any} */ (this.store.dispatch)(thunk);
  }
}
