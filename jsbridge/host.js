// @ts-check

// Calls out of the module. Each import is a method of the store it names;
// host.go is the Go half. An import never throws: see store.js.

/**
 * The imports of the module, by name. Strings come as an address and a size.
 *
 * @param {import("./create.js").Module} module
 */
export function hostImports(module) {
  const at = (/** @type {number} */ store) => {
    if (module.crash) {
      throw module.crash; // out of the frames that were under way then
    }
    return module.stores[store];
  };
  const text = (/** @type {number} */ address, /** @type {number} */ size) =>
    module.memory.get(address, size);
  /** @param {number[]} strings addresses and sizes of four, then whether the code is a number */
  const error = (...strings) => {
    const [message, name, type, code] = [0, 2, 4, 6].map((i) =>
      text(strings[i], strings[i + 1]),
    );
    return { message, name, type, code: strings[8] ? Number(code) : code };
  };
  /**
   * Leaves a string in the module's buffer, and returns its size.
   *
   * @param {string} string
   */
  const leave = (string) => {
    module.memory.begin(string.length);
    return module.memory.put(string);
  };
  /** @type {Record<string, (...args: any[]) => any>} */
  const imports = {
    dispatch: (store, address, size) =>
      at(store).page.dispatch(text(address, size)),
    dispatchConnecting: (store, attempt) =>
      at(store).page.dispatchConnecting(attempt),
    dispatchClosed: (store, code, address, size, willRetry) =>
      at(store).page.dispatchClosed(
        code,
        text(address, size),
        Boolean(willRetry),
      ),
    dispatchReconnecting: (store, attempt, delay, time) =>
      at(store).page.dispatchReconnecting(attempt, delay, time),
    dispatchFailed: (store, attempts) =>
      at(store).page.dispatchFailed(attempts),
    dispatchResumed: (store, gap, attempts) =>
      at(store).page.dispatchResumed(gap, attempts),
    dispatchStatus: (store, ...fields) =>
      at(store).page.dispatchStatus(
        .../** @type {[any, any, any, any, any, any]} */ (fields),
      ),
    dispatchError: (store, emit, ...strings) =>
      at(store).page.dispatchError(emit, error(...strings)),
    dispatchThrown: (store) => at(store).page.dispatchThrown(),
    forward: (store) => at(store).page.forward(),
    log: (store, address, size) => at(store).page.log(text(address, size)),

    deliver: (store, listener, ref, offset, last) =>
      at(store).listeners.deliver(listener, ref, offset, Boolean(last)),
    gather: (store, listener, ref, offset, last, latest) =>
      at(store).listeners.gather(
        listener,
        ref,
        offset,
        Boolean(last),
        Boolean(latest),
      ),
    deliverGathered: (store, listener) =>
      at(store).listeners.deliverGathered(listener),
    route: (store, ref, offset) => at(store).listeners.route(ref, offset),
    answer: (store, listener, call, ref, offset) =>
      at(store).listeners.answer(listener, call, ref, offset),

    remembered: (store, ref) => at(store).again.learn(ref >>> 0),
    lease: (store, id, calls) => at(store).lease.take(id >>> 0, Boolean(calls)),
    settle: (store, emit, ref, offset) =>
      at(store).emits.settle(emit, ref, offset),
    reject: (store, emit, ...strings) =>
      at(store).emits.reject(emit, error(...strings)),
    copy: (store, ref) => at(store).emits.copy(ref),
    same: (store, a, b) => at(store).emits.same(a, b),
    hash: (store, ref) => at(store).emits.hash(ref),
    argument: (store, ref, n) => leave(at(store).emits.argument(ref, n)),

    drop: (store, ref) => at(store).socket.drop(ref),
    dial: (store, url, urlSize, protocols, protocolsSize) =>
      leave(
        at(store).socket.dial(
          text(url, urlSize),
          text(protocols, protocolsSize),
        ),
      ),
    sendText: (store, head, headSize, ref, attachments) =>
      at(store).socket.sendText(text(head, headSize), ref, attachments),
    sendBinary: (store, ref, raw) =>
      at(store).socket.sendBinary(ref, Boolean(raw)),
    hangup: (store, code, address, size) =>
      at(store).socket.hangup(code, text(address, size)),
    wakeAt: (store, time) => at(store).socket.wakeAt(time),

    askKey: (store, attempt) => at(store).key.askKey(attempt),
    askAuth: (store, attempt) => at(store).auth.askAuth(attempt),
  };
  return imports;
}
