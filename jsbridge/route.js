// @ts-check

// Routes: how an event that comes again reaches its listeners without the
// module. Go is the authority. What JavaScript keeps is a cache of heads, each
// learnt from a text that Go has read and delivered, and only good for one
// WebSocket and one list of listeners.
//
// The law:
//
//  1. A text that begins with the same letters, up to and with the quote that
//     closes the event's name, is read by Go as the same event with the same
//     number of attachments, as long as the connection is up and awaits no
//     attachment. So it may be delivered to the same listeners.
//  2. Only events of which every listener is told at once have a route. A call,
//     an answer, a frame of the protocol's own, a listener that gathers: these
//     are Go's.
//  3. A text is delivered here if the module is in no call, the last text that
//     it read was such an event, and the text is not long. Otherwise it is
//     Go's: see receiver.js.
//  4. What turns out not to be as expected is handed to Go, in order and whole,
//     before anything else is. Go reports it as ever: nothing is judged here.
//  5. Go is told of the last sign of life before it looks at the clock.

/** How long a head may be, in letters. */
const MOST_LETTERS = 64;

/**
 * How many heads are kept. Each of the listeners' events has few, and there may
 * be thousands: one that finds no room costs 2 to 5 µs instead of 0.9. But a
 * server is free to send any number of attachments.
 */
const MOST_ROUTES = 1 << 14;

const QUOTE = '"';

/** The way from a head to its listeners. */
export class Route {
  /**
   * @param {Routes} routes that it is one of when it is complete
   * @param {string} head
   * @param {number} offset where the JSON begins
   * @param {number} attachments
   */
  constructor(routes, head, offset, attachments) {
    this._routes = routes;
    this.head = head;
    this.offset = offset;
    this.attachments = attachments;
    /** @type {import("./listeners.js").Listener[]} */
    this.listeners = [];
  }

  /**
   * @param {import("./listeners.js").Listener} listener the next one
   * @param {boolean} last
   */
  leadTo(listener, last) {
    this.listeners.push(listener);
    if (last) {
      this._routes.add(this);
    }
  }
}

/** The routes of a WebSocket and a list of listeners. */
export class Routes {
  constructor() {
    /** @type {Map<string, Route>} by head */
    this._all = new Map();
    /** @type {Route | null} the one used last, which mostly is the next too */
    this._last = null;
  }

  /**
   * The route that a text teaches, or null.
   *
   * @param {import("./payload.js").Body} body
   * @param {number} offset where the JSON begins
   * @returns {Route | null}
   */
  learn({ text, attachments }, offset) {
    const head = headOf(text);
    // The name stands right behind the bracket, and as it is.
    return head !== "" &&
      text.indexOf(QUOTE) === offset + 1 &&
      text[offset] === "[" &&
      !head.includes("\\")
      ? new Route(this, head, offset, attachments.length)
      : null;
  }

  /** @param {Route} route */
  add(route) {
    if (this._all.size < MOST_ROUTES) {
      this._all.set(route.head, route);
    }
  }

  /**
   * The route that a text takes, or null.
   *
   * @param {string} text
   */
  find(text) {
    if (this._last !== null && text.startsWith(this._last.head)) {
      return this._last;
    }
    const route = this._all.size > 0 && this._all.get(headOf(text));
    return route ? (this._last = route) : null;
  }
}

/**
 * A text up to and with its second quote, "" if that is far.
 *
 * @param {string} text
 */
function headOf(text) {
  const start = text.slice(0, MOST_LETTERS);
  return start.slice(0, start.indexOf(QUOTE, start.indexOf(QUOTE) + 1) + 1);
}
