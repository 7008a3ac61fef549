// @ts-check
//
// The server of a transcript: WebSockets that write down what is done to them,
// and say what the transcript says.

/** @typedef {(line: string) => void} Say */

/** @type {Say} */
let say = () => {};

/** @type {ScriptedWebSocket[]} those of this transcript, in order */
let all = [];

/**
 * Starts anew: what the WebSockets before do is nobody's business any more.
 *
 * @param {Say} write
 */
export function restart(write) {
  for (const socket of all) socket.abandon();
  all = [];
  say = write;
}

/** @param {Uint8Array} bytes */
export function hex(bytes) {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

/** A ScriptedWebSocket stands where the page's WebSocket stood. */
export class ScriptedWebSocket extends EventTarget {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSING = 2;
  static CLOSED = 3;

  CONNECTING = 0;
  OPEN = 1;
  CLOSING = 2;
  CLOSED = 3;

  binaryType = "blob";
  bufferedAmount = 0;
  extensions = "";
  protocol = "";
  readyState = 0;
  /** @type {((event: any) => void) | null} */ onopen = null;
  /** @type {((event: any) => void) | null} */ onmessage = null;
  /** @type {((event: any) => void) | null} */ onerror = null;
  /** @type {((event: any) => void) | null} */ onclose = null;
  #abandoned = false;

  /**
   * @param {string | URL} url
   * @param {string | string[]} [protocols]
   */
  constructor(url, protocols = []) {
    super();
    this.url = String(url);
    say(["dial", url, [protocols].flat().join(",")].join(" ").trim());
    all.push(this);
  }

  abandon() {
    this.#abandoned = true;
  }

  /**
   * @param {string} type
   * @param {object} [fields]
   */
  tell(type, fields) {
    if (this.#abandoned) return;
    const event = Object.assign(new Event(type), fields);
    this[/** @type {"onopen"} */ (`on${type}`)]?.(event);
    this.dispatchEvent(event);
  }

  open() {
    if (this.readyState !== this.CONNECTING) return;
    this.readyState = this.OPEN;
    this.tell("open");
  }

  /** @param {string | ArrayBuffer | Uint8Array} data */
  send(data) {
    if (this.#abandoned) return;
    const verb = this.readyState === this.OPEN ? "send" : "lose";
    if (typeof data === "string") say(`${verb} ${data}`);
    else say(`${verb} ${hex(new Uint8Array(/** @type {any} */ (data)))}`);
  }

  /**
   * The server bids farewell too, as soon as the page lets it.
   *
   * @param {number} [code]
   * @param {string} [reason]
   */
  close(code = 1005, reason = "") {
    if (this.#abandoned || this.readyState >= this.CLOSING) return;
    say(`hangup ${code} ${reason}`.trim());
    this.readyState = this.CLOSING;
    setTimeout(() => this.closed(code, reason));
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  closed(code, reason) {
    if (this.readyState === this.CLOSED) return;
    this.readyState = this.CLOSED;
    if (code === 1006) this.tell("error");
    this.tell("close", { code, reason, wasClean: code !== 1006 });
  }
}

/**
 * Says a message. An event is for everybody who is connected; anything else is
 * between the server and whoever dialled last.
 *
 * @param {string | ArrayBuffer} data
 */
export function deliver(data) {
  const last = all.at(-1);
  if (typeof data === "string" && data.startsWith("0")) last?.open();
  const isEvent = typeof data !== "string" || /^4[25]\D/.test(data);
  for (const socket of isEvent ? [...all] : [last])
    if (socket?.readyState === ScriptedWebSocket.OPEN)
      socket.tell("message", { data });
}

/**
 * Closes the WebSocket that was dialled last.
 *
 * @param {number} code
 * @param {string} reason
 */
export function closed(code, reason) {
  all.at(-1)?.closed(code, reason);
}

/** Lets the WebSocket that was dialled last take nothing any more. */
export function closing() {
  const last = all.at(-1);
  if (last) last.readyState = last.CLOSING;
}
