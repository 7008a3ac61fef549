// @ts-check

// A Redux store and one of its sockets, as the module sees them: what the
// actions ask for goes in here. What the module asks for comes out at the parts
// that host.js names.

import {
  argumentsOf,
  hasPlainAcks,
  isNewKey,
  isTooLarge,
  MAX_FRAME,
  readConnect,
  readListeners,
  readMeta,
} from "./action.js";
import { Again } from "./again.js";
import { Emits } from "./emits.js";
import { makeError, messageOf } from "./errors.js";
import { Auth, Key } from "./key.js";
import { Lease } from "./lease.js";
import { Listeners } from "./listeners.js";
import { Page } from "./page.js";
import { Body, encode } from "./payload.js";
import { Reader } from "./reader.js";
import { Socket } from "./socket.js";

/** @typedef {import("./waiting.js").Waiting} Waiting */

export class Store {
  /**
   * @param {import("./create.js").Module} module
   * @param {number} number
   * @param {import("./page.js").Made} made
   */
  constructor(module, number, made) {
    this.module = module;
    this.number = number;
    this._options = made.options;
    const reader = new Reader(made.options);
    this.page = new Page(module, made);
    this.listeners = new Listeners(this, reader);
    this.emits = new Emits(this, reader);
    this.key = new Key(module, number);
    this.auth = new Auth(module, number);
    this.lease = new Lease(this);
    this.again = new Again(this);
    this.socket = new Socket(this);
  }

  /**
   * Handles an action of ours. It reports whether the action is consumed.
   *
   * @param {{type: string, bsock: Record<string, any>, meta?: any}} action
   * @param {Waiting} waiting
   * @returns {boolean}
   */
  handle(action, waiting) {
    const { guest } = this.module;
    guest.checkDepth(); // before anything is kept for it
    switch (action.type) {
      case "CONNECT_SOCKET":
        this._connect(action, waiting);
        return true;
      case "DISCONNECT_SOCKET":
        guest.handleDisconnect(this.number, this._keep(new Body(""), waiting));
        return true;
    }
    return this._emit(action, waiting);
  }

  /**
   * @param {Body} body
   * @param {Waiting} waiting
   */
  _keep(body, waiting) {
    body.waiting = waiting;
    return this.module.bodies.keep(body);
  }

  /**
   * The key and the listeners are those of this action from now on, unless it
   * is refused.
   *
   * @param {{bsock: Record<string, any>}} action
   * @param {Waiting} waiting
   */
  _connect({ bsock }, waiting) {
    let fields;
    let listeners;
    try {
      fields = readConnect(bsock);
      listeners = readListeners(this._options.listeners, this.page.socket);
    } catch (error) {
      this._refuse(waiting, error);
      return;
    }
    const ref = this._keep(new Body(""), waiting);
    const newKey =
      isNewKey(fields.apiKey, this.key.value) ||
      isNewKey(fields.auth, this.auth.value);
    const restore = this._take(fields, listeners);
    this.module.guest.handleConnect(
      this.number,
      ref,
      newKey,
      fields,
      listeners,
    );
    // The page may have heard of it, and connected otherwise.
    if (waiting.rejected && this.listeners.all === listeners) {
      restore();
    }
  }

  /**
   * Takes what an action brings, and returns what puts back what was there.
   *
   * @param {ReturnType<typeof readConnect>} fields
   * @param {ReturnType<typeof readListeners>} listeners
   */
  _take(fields, listeners) {
    const { key, auth, emits } = this;
    const before = {
      all: this.listeners.all,
      key: key.value,
      auth: auth.value,
      plain: emits.plain,
    };
    this.socket.forgetRoutes();
    this.listeners.all = listeners;
    key.value = fields.apiKey;
    auth.value = fields.auth;
    emits.plain = hasPlainAcks(fields.protocol);
    return () => {
      this.socket.forgetRoutes();
      this.listeners.all = before.all;
      key.value = before.key;
      auth.value = before.auth;
      emits.plain = before.plain;
    };
  }

  /**
   * @param {Waiting} waiting
   * @param {any} problem what was thrown at reading the action or the listeners
   */
  _refuse(waiting, problem) {
    const error =
      problem?.code === "BAD_OPTION"
        ? problem
        : makeError({
            message: `CONNECT_SOCKET: it cannot be read: ${messageOf(problem)}.`,
            name: "TypeError",
            code: "BAD_ACTION",
          });
    this.page.report(error);
    waiting.reject(error);
  }

  /**
   * @param {{bsock: Record<string, any>, meta?: any}} action
   * @param {Waiting} waiting
   * @returns {boolean}
   */
  _emit({ bsock, meta }, waiting) {
    let read = null;
    let body;
    let problem = "";
    try {
      const { type, message, acknowledge } = bsock;
      waiting.fields = { type, message, acknowledge };
      read = readMeta(meta);
      waiting.ack = read?.ack;
      body = encode(argumentsOf(bsock, type, message));
      if (isTooLarge(body)) {
        problem = `the arguments make a frame above the limit of ${MAX_FRAME} bytes.`;
      }
    } catch (error) {
      body = new Body("");
      problem = `the arguments cannot be written as JSON: ${messageOf(error)}.`;
    }
    if (
      read === null &&
      problem === "" &&
      (this.lease.send(body, waiting) || this.again.send(body, waiting))
    ) {
      return true;
    }
    const { guest, bodies } = this.module;
    this.lease.pause();
    const ref = this._keep(body, waiting);
    const consumed = guest.handleEmit(
      this.number,
      ref,
      body.attachments.length,
      waiting.fields,
      read,
      problem,
    );
    this.lease.learn(waiting);
    if (!consumed) {
      bodies.drop(ref);
    }
    if (body.attachments.length > 0) {
      // It waits, and the page may change or transfer what it gave.
      body.attachments = body.attachments.map((data) => data.slice());
    }
    return consumed;
  }

  /** Closes the connection, until `resume`: the page is going to sleep. */
  suspend() {
    this.module.enter(() => this.module.guest.suspend(this.number));
  }

  /** Connects without waiting any longer, or finds out whether it still is. */
  resume() {
    this.module.enter(() => {
      this.socket.catchUp();
      this.module.guest.resume(this.number);
    });
  }

  /**
   * Takes what `handle` has thrown, and returns what it is to be rejected with.
   *
   * @param {unknown} error
   * @returns {Error}
   */
  failed(error) {
    return this.module.failed(error);
  }

  /**
   * Ends everything without the module, which has crashed.
   *
   * @returns {Waiting[]} who waits for an answer that it does not know of
   */
  abandon() {
    this.socket.abandon();
    return this.lease.abandon();
  }
}
