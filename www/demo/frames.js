// @ts-check
// Watches every WebSocket a page opens, without touching what passes.
//
// The constructor is replaced by a subclass, before anything connects; its own
// "message" listener is the first, so a frame is reported before it is handled.

import { describeFrame } from "./describe.js";

/**
 * @typedef {object} Frame
 * @property {"sent" | "received"} direction
 * @property {string} name what kind of frame it is, in a word or two
 * @property {string} text
 * @property {number} bytes
 */

/**
 * @param {unknown} data what send() was given or a message event carries
 * @returns {number}
 */
function sizeOf(data) {
  if (typeof data === "string") return new TextEncoder().encode(data).length;
  if (data instanceof ArrayBuffer || ArrayBuffer.isView(data))
    return data.byteLength;
  if (data instanceof Blob) return data.size;
  return 0;
}

/**
 * @param {Frame["direction"]} direction
 * @param {unknown} data
 * @returns {Frame}
 */
function frameOf(direction, data) {
  const bytes = sizeOf(data);
  const described =
    typeof data === "string"
      ? describeFrame(data)
      : { name: "binary", text: `binary ${bytes} bytes` };
  return { direction, bytes, ...described };
}

/**
 * Reports every frame of every WebSocket opened from now on.
 *
 * @param {{WebSocket: typeof WebSocket}} scope usually window
 * @param {(frame: Frame) => void} report must not throw
 * @returns {() => void} puts the original constructor back
 */
export function watchFrames(scope, report) {
  const Original = scope.WebSocket;

  class WatchedWebSocket extends Original {
    /**
     * @param {string | URL} url
     * @param {string | string[]} [protocols]
     */
    constructor(url, protocols) {
      super(url, protocols);
      this.addEventListener("message", ({ data }) =>
        report(frameOf("received", data)),
      );
    }

    /** @param {Parameters<WebSocket["send"]>[0]} data */
    send(data) {
      super.send(data); // first, for a frame that throws was not sent
      report(frameOf("sent", data));
    }
  }

  scope.WebSocket = WatchedWebSocket;
  return () => {
    scope.WebSocket = Original;
  };
}
