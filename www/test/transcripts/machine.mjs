// @ts-check
//
// What a transcript talks to in a page: a middleware, a store that writes down
// what comes to it, and the server. It takes the lines of
// middleware/script_test.go that a page can obey, and writes its own as
// middleware/host_test.go does.

import { additions } from "./additions.mjs";
import { Clock } from "./clock.mjs";
import {
  ScriptedWebSocket,
  closed,
  closing,
  deliver,
  hex,
  restart,
} from "./server.mjs";

/** @typedef {(options: any) => any} Factory */

const clock = new Clock();

/**
 * Prepares the page. It comes before anything is imported: 1.1.5 looks for
 * timers and for WebSocket then, and only once.
 */
export function prepare() {
  clock.install();
  globalThis.WebSocket = /** @type {any} */ (ScriptedWebSocket);
}

/** A Machine runs one transcript. */
export class Machine {
  #factory;
  /** @type {string[]} */
  #out = [];
  #actions = 0;
  /** @type {any[]} */
  #listeners = [];
  /** @type {Map<string, string[]>} what a plugin does when it sees an action */
  #reactions = new Map();
  /** @type {[type: string, line: string][]} what it does the first time */
  #once = [];
  /** @type {Set<string>} the actions at which a reducer throws */
  #throwers = new Set();
  #thrown = new Error("thrown by the application");
  /** @type {any} */
  #disconnectedAction;
  /** @type {any} what goes with the packets that connect */
  #auth;
  /** Whether there is no key yet, and never will be. */
  #keyless = false;
  /** Whether the actions are shown, too, that 1.1.5 does not have. */
  #showing = false;
  /** @type {Set<string>} those of them that were dispatched, shown or not */
  added = new Set();
  /** @type {(action: any) => any} */
  #handle = () => {};

  /** @param {Factory} factory */
  constructor(factory) {
    this.#factory = factory;
    for (const level of /** @type {const} */ (["log", "error"]))
      console[level] = (...words) => this.#say(`log ${words.join(" ").trim()}`);
    addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      this.#say(`unhandled ${event.reason}`);
    });
    addEventListener("error", (event) => {
      event.preventDefault();
      if (event.error !== this.#thrown) this.#say(`uncaught ${event.message}`);
    });
    this.#restart("");
  }

  /** @param {string} line */
  #say(line) {
    this.#out.push(line);
  }

  /**
   * Does what lines say, one after the other, and returns what came out.
   *
   * @param {string[]} lines
   */
  async run(lines) {
    for (const line of lines) {
      await this.#do(line);
      await clock.settle();
    }
    return this.#out.splice(0);
  }

  /** @param {string} line */
  #do(line) {
    const [verb, rest] = cut(line);
    switch (verb) {
      case "options":
        return this.#restart(rest);
      case "listeners":
        // The array stays the same: plugins may push into it.
        return this.#listeners.splice(0, Infinity, ...listenersOf(rest));
      case "action":
        return this.#action(rest);
      case "plugin": {
        const [type, reaction] = cut(rest);
        const before = this.#reactions.get(type) ?? [];
        return this.#reactions.set(type, [...before, reaction]);
      }
      case "once":
        return this.#once.push(cut(rest));
      case "throw":
        return this.#throwers.add(rest);
      case "auth":
        return (this.#auth = JSON.parse(rest));
      case "later":
        return (this.#keyless = true);
      case "show":
        return (this.#showing = true);
      case "text":
        return deliver(rest);
      case "binary":
        return deliver(unhex(rest).buffer);
      case "closed": {
        const [code, reason] = cut(rest);
        return closed(Number(code), reason);
      }
      case "closing":
        return closing();
      case "after":
        return clock.pass(milliseconds(rest));
    }
    // How many bodies are kept, and when an alarm goes off, no page can see.
    if (verb === "bodies" || verb === "alarm") return undefined;
    throw new Error(`a page cannot obey ${JSON.stringify(line)}`);
  }

  /** @param {string} text */
  #restart(text) {
    clock.clear();
    restart((line) => this.#say(line));
    this.#reactions.clear();
    this.#once = [];
    this.#throwers.clear();
    this.#listeners = [];
    this.#auth = undefined;
    this.#keyless = false;
    this.#showing = false;
    const options = optionsOf(text);
    this.#disconnectedAction = options.disconnectedAction;
    const store = {
      dispatch: (/** @type {any} */ action) => this.#dispatch(action),
      getState: () => ({}),
    };
    this.#handle = this.#factory({ ...options, listeners: this.#listeners })(
      store,
    )((/** @type {any} */ action) => this.#next(action));
  }

  /** @param {any} action */
  #dispatch(action) {
    if (action.type in additions) this.added.add(action.type);
    if (this.#showing || !(action.type in additions))
      this.#say(`dispatch ${this.#show(action)}`);
    for (const line of this.#reactions.get(action.type) ?? []) this.#do(line);
    const first = this.#once.findIndex(([type]) => type === action.type);
    if (first >= 0) this.#do(this.#once.splice(first, 1)[0][1]);
    if (this.#throwers.has(action.type)) throw this.#thrown;
    return action;
  }

  /** @param {any} action */
  #next(action) {
    const ours = action === this.#disconnectedAction;
    this.#say(ours ? "next disconnectedAction" : "next");
    return action;
  }

  /** @param {{type: string, payload?: any}} action */
  #show({ type, payload }) {
    if (type === "SOCKET_CLOSED") {
      const { code, reason, willRetry } = payload;
      return `${type} ${code} ${JSON.stringify(reason)} willRetry=${willRetry}`;
    }
    if (payload?.cause === this.#thrown)
      return `${type} thrown by the application`;
    if (payload instanceof Error) return type + showError(payload);
    return payload === undefined ? type : `${type} ${show(payload)}`;
  }

  /** @param {string} text */
  #action(text) {
    const [type, objects] = cut(text);
    const [bsock, meta] = JSON.parse(`[${betweenObjects(objects || "{}")}]`);
    const number = ++this.#actions;
    for (const [key, value] of Object.entries(bsock))
      if (value === "@function")
        bsock[key] = (/** @type {any} */ result) =>
          this.#say(`acknowledge #${number} ${show(result)}`);
      else if (/^@/.test(String(value))) bsock[key] = unhex(value.slice(1));
    if (type === "CONNECT_SOCKET") Object.assign(bsock, this.#credentials());
    const action = { type, bsock, meta };
    const promise = this.#handle(action);
    if (promise === action) return;
    promise.then(
      (/** @type {any} */ value) => this.#settled(number, value, action),
      (/** @type {any} */ error) =>
        this.#say(`reject #${number}${showError(error)}`),
    );
  }

  #credentials() {
    return {
      ...(this.#auth !== undefined && { auth: this.#auth }),
      ...(this.#keyless && { apiKey: () => new Promise(() => {}) }),
    };
  }

  /**
   * @param {number} number
   * @param {any} value
   * @param {object} action
   */
  #settled(number, value, action) {
    if (value === action) return; // next has returned it
    const result = value === undefined ? "" : ` ${show(value)}`;
    this.#say(`settle #${number}${result}`);
  }
}

/**
 * @param {string} text
 * @returns {[string, string]}
 */
function cut(text) {
  const at = text.indexOf(" ");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

// BSOCK and META are two objects with a space between them.
/** @param {string} text */
function betweenObjects(text) {
  return text.replace(/\} \{(?="[a-z]+":[^{}]*\}$)/, "},{");
}

/** @param {string} text */
function unhex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => parseInt(byte, 16));
}

/** @param {string} text such as 5s, 999ms */
function milliseconds(text) {
  const [, number, unit] = text.match(/^(\d+)(ms|s|m|h)$/) ?? [];
  if (!unit) throw new Error(`${JSON.stringify(text)} is no time`);
  const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  return Number(number) * units[/** @type {"ms"} */ (unit)];
}

/**
 * @param {string} text
 * @returns {Record<string, any>}
 */
function optionsOf(text) {
  /** @type {Record<string, any>} */
  const options = {};
  for (const option of text.split(" ").filter(Boolean)) {
    const [key, value] = option.split("=");
    if (key === "disconnectedAction") options[key] = { type: key };
    else if (key === "debug") options[key] = true;
    else if (key === "limit") options.reconnect = { limit: Number(value) };
    else if (key === "offline" || key === "queueFull") options[key] = value;
    else if (value === "off") options[key] = false;
    else options[key] = /\D/.test(value) ? milliseconds(value) : Number(value);
  }
  return options;
}

/**
 * A filter that is a function lets only that JSON pass, and a map returns the
 * first argument.
 *
 * @param {string} text
 * @returns {any[]}
 */
function listenersOf(text) {
  return JSON.parse(text, (key, value) => {
    const [, json] = /^@function ?(.*)$/.exec(value) ?? [];
    if (json === undefined) return value;
    return key === "filter"
      ? (/** @type {any} */ first) => show(first) === json
      : (/** @type {any} */ first) => first;
  });
}

/** @param {any} value */
function show(value) {
  return JSON.stringify(value === undefined ? null : value, (_key, v) => {
    if (v instanceof Uint8Array) return `@${hex(v)}`;
    // A Buffer has become this before it is seen here.
    if (v?.type === "Buffer") return `@${hex(Uint8Array.from(v.data))}`;
    return v;
  });
}

/** @param {Error & {code?: any, type?: any}} error */
function showError({ message, name, type, code }) {
  let text = ` ${code ?? ""} ${JSON.stringify(message)}`;
  for (const field of [name, type]) if (field) text += ` ${field}`;
  return typeof code === "number" ? `${text} number` : text;
}
