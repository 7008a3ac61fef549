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
  /** @type {Record<string, (...args: any[]) => any>} */
  const imports = {
    dispatch: (store, address, size) => at(store).dispatch(text(address, size)),
    dispatchClosed: (store, code, address, size, willRetry) =>
      at(store).dispatchClosed(code, text(address, size), Boolean(willRetry)),
    dispatchError: (store, emit, ...strings) =>
      at(store).dispatchError(emit, error(...strings)),
    dispatchThrown: (store) => at(store).dispatchThrown(),
    forward: (store) => at(store).forward(),
    deliver: (store, listener, ref, offset, last) =>
      at(store).deliver(listener, ref, offset, Boolean(last)),
    answer: (store, listener) => at(store).answer(listener),
    settle: (store, emit, ref, offset) => at(store).settle(emit, ref, offset),
    reject: (store, emit, ...strings) =>
      at(store).reject(emit, error(...strings)),
    drop: (store, ref) => at(store).drop(ref),
    dial: (store, url, urlSize, protocols, protocolsSize) => {
      const problem = at(store).dial(
        text(url, urlSize),
        text(protocols, protocolsSize),
      );
      module.memory.begin(problem.length);
      return module.memory.put(problem);
    },
    sendText: (store, head, headSize, ref, attachments) =>
      at(store).sendText(text(head, headSize), ref, attachments),
    sendBinary: (store, ref) => at(store).sendBinary(ref),
    hangup: (store, code, address, size) =>
      at(store).hangup(code, text(address, size)),
    wakeAt: (store, time) => at(store).wakeAt(time),
    askKey: (store, attempt) => at(store).askKey(attempt),
    log: (store, address, size) => at(store).log(text(address, size)),
  };
  return imports;
}
