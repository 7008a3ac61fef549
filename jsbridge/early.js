// @ts-check

// A WebSocket that is opened while the module is still on its way: the module
// takes longer to come than a server to answer. The module decides what to dial
// as ever, by bsock/url.go. If that is what has been opened here it takes it,
// with all that has come over it; if not, it is closed.

/**
 * For how long it may be taken, in milliseconds: a server does not wait for ever
 * for one who does not say who they are.
 */
const GOOD_FOR = 5000;

/** More than any server says to one who does not say who they are, in letters. */
const MOST_SAID = 1 << 16;

const CONNECTING = 0;
const OPEN = 1;

/** What a WebSocket tells. */
const KINDS = /** @type {const} */ (["onopen", "onmessage", "onclose"]);

export class Early {
  /**
   * Opens what the module will dial, if that is plain to see.
   *
   * @param {any} bsock of a CONNECT_SOCKET
   * @returns {Early | null}
   */
  static of(bsock) {
    try {
      const url = plainURL(bsock);
      return url === null ? null : new Early(url, new WebSocket(url));
    } catch {
      return null; // the module will be told why
    }
  }

  /**
   * @param {string} url
   * @param {WebSocket} socket
   */
  constructor(url, socket) {
    this._url = url;
    /** @type {WebSocket | null} until it is taken or ended */
    this._socket = socket;
    this._since = Date.now();
    /** @type {{kind: typeof KINDS[number], event: any}[]} */
    this._events = [];
    this._said = 0;
    socket.binaryType = "arraybuffer";
    for (const kind of KINDS) {
      socket[kind] = (/** @type {any} */ event) => this._note(kind, event);
    }
    // A close follows. The WebSockets of Node would throw it at the process.
    socket.onerror = () => {};
    this.end = this.end.bind(this);
    this._timer = setTimeout(this.end, GOOD_FOR);
    // A page with an open one is kept in no back/forward cache.
    globalThis.addEventListener?.("pagehide", this.end);
  }

  /**
   * @param {typeof KINDS[number]} kind
   * @param {any} event
   */
  _note(kind, event) {
    this._events.push({ kind, event });
    const { data = "" } = event;
    this._said += 1 + (data.length ?? data.byteLength);
    if (this._said > MOST_SAID) {
      this.end();
    }
  }

  /**
   * Gives the WebSocket away, if it is the one that is wanted. Before anything
   * else happens to it, whoever has taken it is told what has happened.
   *
   * @param {string} url
   * @param {string} protocols
   * @returns {WebSocket | null}
   */
  take(url, protocols) {
    const socket = this._socket;
    if (
      socket === null ||
      url !== this._url ||
      protocols !== "" ||
      this._stale(socket)
    ) {
      return null;
    }
    this._letGo();
    queueMicrotask(() => {
      for (const { kind, event } of this._events) {
        socket[kind]?.(event);
      }
    });
    return socket;
  }

  /**
   * Whether it had better be dialled again. One that could not be opened need
   * not be.
   *
   * @param {WebSocket} socket
   */
  _stale(socket) {
    const opened = this._events[0]?.kind === "onopen";
    const lost = opened && socket.readyState > OPEN;
    return lost || Math.abs(Date.now() - this._since) > GOOD_FOR;
  }

  _letGo() {
    const socket = this._socket;
    this._socket = null;
    clearTimeout(this._timer);
    globalThis.removeEventListener?.("pagehide", this.end);
    return socket;
  }

  /** Closes the WebSocket if nobody has taken it. */
  end() {
    const socket = this._letGo();
    if (socket !== null) {
      for (const kind of KINDS) {
        socket[kind] = null;
      }
      // Browsers complain to the console of one that is closed before it opens.
      if (socket.readyState === CONNECTING) {
        socket.onopen = () => socket.close(1000);
      } else {
        socket.close(1000);
      }
    }
  }
}

/** What need not be escaped in a URL, and is no number in disguise. */
const PLAIN_HOST = /^[a-z0-9][a-z0-9.-]*$/i;

/** The fields of a CONNECT_SOCKET that may change what is dialled, or when. */
const OTHERS = ["namespace", "protocols", "protocol", "nsps", "auth"];

/**
 * The URL of a server, where its fields are as they usually are.
 *
 * @param {any} bsock
 * @returns {string | null}
 */
function plainURL(bsock) {
  const { host = "127.0.0.1", port, ssl = false, apiKey } = bsock;
  const plain =
    typeof host === "string" &&
    PLAIN_HOST.test(host) &&
    Number.isInteger(port) &&
    port > 0 &&
    port < 65536 &&
    typeof ssl === "boolean" &&
    typeof apiKey !== "function" &&
    OTHERS.every((name) => bsock[name] === undefined);
  const scheme = ssl ? "wss" : "ws";
  return plain
    ? `${scheme}://${host}:${port}/socket.io/?transport=websocket`
    : null;
}
