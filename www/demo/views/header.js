// @ts-check
// The top of the page: its name, and whether the node behind it is real.

import { nodeWords } from "../words.js";
import { h, pill, setText } from "./dom.js";

export function headerView() {
  const node = pill();
  node.say({ tone: "calm", title: "Asking", text: "" });
  const text = h("p", { class: "node-text", role: "status" });
  const strip = h("div", { class: "strip" }, node.element, text);
  const element = h(
    "header",
    { class: "top" },
    h(
      "div",
      { class: "brand" },
      h("span", { class: "mark", "aria-hidden": "true" }, "⇄"),
      h("h1", {}, "bsock-wasm"),
      h("p", {}, "Redux → Go in WebAssembly → node"),
    ),
    strip,
  );
  return {
    element,
    /** @param {import("../config.js").Config | null} config null while it is asked for */
    update(config) {
      if (config === null) return;
      const words = nodeWords(config);
      node.say(words);
      setText(text, words.text);
    },
  };
}
