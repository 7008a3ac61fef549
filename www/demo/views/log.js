// @ts-check
// The log's card: frames and actions as they pass, with filter, pause and clear.

import { clock, count } from "../format.js";
import { LIMIT, filtered } from "../plugins/log.js";
import { button, card, h, setAttribute, setChildren, setText } from "./dom.js";

/** How each kind is marked, and read aloud. */
const KINDS = {
  sent: ["↑", "sent"],
  received: ["↓", "received"],
  action: ["◆", "action"],
  error: ["!", "error"],
};

/** @param {import("../plugins/log.js").Entry} entry */
function row({ at, kind, name, text }) {
  const [mark, said] = KINDS[kind];
  return h(
    "li",
    { class: kind },
    h(
      "time",
      { datetime: new Date(at).toISOString() },
      clock(at, { ms: true }),
    ),
    h(
      "span",
      { class: "kind", role: "img", "aria-label": said, title: said },
      mark,
    ),
    h("span", { class: "name" }, name),
    h("span", { class: "text" }, text),
  );
}

/**
 * @param {string} label
 * @param {() => void} changed
 * @param {boolean} checked
 */
function check(label, changed, checked) {
  const input = h("input", { type: "checkbox", checked, onchange: changed });
  return { input, element: h("label", { class: "check" }, input, label) };
}

/** @param {{pauseLog: (paused: boolean) => void, clearLog: () => void, redraw: () => void}} actions */
export function logView({ pauseLog, clearLog, redraw }) {
  const frames = check("Frames", redraw, true);
  const actions = check("Actions", redraw, true);
  const wrap = check(
    "Wrap lines",
    () => setAttribute(entries, "data-wrap", wrap.input.checked),
    false,
  );
  const text = h("input", {
    id: "log-filter",
    type: "search",
    placeholder: "Filter",
    "aria-label": "Filter the log by text",
    autocomplete: "off",
    spellcheck: "false",
    oninput: redraw,
  });
  let paused = false;
  const pause = button("Pause", () => pauseLog(!paused), {
    "aria-pressed": "false",
  });
  const total = h("p", { class: "caption" });
  const empty = h("p", { class: "empty" });
  const list = h("ol");
  const entries = h(
    "div",
    {
      class: "entries",
      role: "log",
      // Many a second: who listens would hear nothing else.
      "aria-live": "off",
      "aria-label": "Frames and actions, newest first",
      tabindex: "0", // it scrolls
    },
    list,
  );

  const element = card(
    "log",
    "Log",
    [
      h(
        "div",
        { class: "tools", role: "group", "aria-label": "Log controls" },
        text,
        frames.element,
        actions.element,
        wrap.element,
        h("div", { class: "buttons" }, pause, button("Clear", clearLog)),
      ),
    ],
    h("div", { class: "log-box" }, entries, empty),
    total,
  );

  /**
   * @param {import("../plugins/log.js").Log} log
   * @param {number} shown
   */
  function summarise({ total: all, held }, shown) {
    const state = held ? ` Paused: ${count(all - held.total)} since.` : "";
    return `${count(shown)} shown of ${count(all)} so far; the last ${LIMIT} are kept.${state}`;
  }

  return {
    element,
    /** @param {{log: import("../plugins/log.js").Log}} store */
    update({ log }) {
      paused = log.held !== null;
      const shown = filtered((log.held ?? log).entries, {
        frames: frames.input.checked,
        actions: actions.input.checked,
        text: text.value,
      });
      setChildren(
        list,
        shown.map((entry) => ({ ...entry, key: entry.id })),
        row,
      );
      setText(pause, paused ? "Resume" : "Pause");
      setAttribute(pause, "aria-pressed", String(paused));
      setText(total, summarise(log, shown.length));
      empty.hidden = shown.length > 0;
      setText(
        empty,
        log.entries.length > 0 || paused
          ? "Nothing in the log passes the filter."
          : "Nothing has happened yet.",
      );
    },
  };
}
