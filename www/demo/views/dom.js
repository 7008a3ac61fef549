// @ts-check
// The few things the views do to the DOM. Data only ever becomes text.

/**
 * Makes an element. A property that starts with "on" is a listener; false,
 * null and undefined leave an attribute out; true makes it empty.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else setAttribute(element, name, value);
  }
  element.append(...children);
  return element;
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {string | number | boolean | null | undefined} value
 */
export function setAttribute(element, name, value) {
  if (value === false || value == null) element.removeAttribute(name);
  else {
    const text = value === true ? "" : String(value);
    // An attribute that is set anew wakes observers and live regions.
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  }
}

/**
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Makes the children of an element those of a list, touching only what is new,
 * gone or moved.
 *
 * @template {{key: string | number}} T
 * @param {Element} parent
 * @param {T[]} items
 * @param {(item: T) => Element} create
 * @param {(element: Element, item: T) => void} [update]
 */
export function setChildren(parent, items, create, update) {
  /** @type {Map<string, Element>} */
  const old = new Map();
  for (const child of parent.children)
    old.set(child.getAttribute("data-key") ?? "", child);

  let place = parent.firstElementChild;
  for (const item of items) {
    const key = String(item.key);
    const child = old.get(key) ?? create(item);
    if (!old.delete(key)) child.setAttribute("data-key", key);
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
    update?.(child, item);
  }
  for (const child of old.values()) child.remove();
}

/**
 * A button that says it is disabled and does nothing, but keeps the focus:
 * one that is truly disabled drops a keyboard user who has just pressed it.
 *
 * @param {string} label
 * @param {() => void} act
 * @param {Record<string, any>} [properties]
 */
export function button(label, act, properties = {}) {
  const element = h(
    "button",
    {
      type: "button",
      ...properties,
      onclick: (/** @type {Event} */ event) => {
        if (element.getAttribute("aria-disabled") === "true")
          event.preventDefault();
        else act();
      },
    },
    label,
  );
  return element;
}

/**
 * @param {HTMLButtonElement} element
 * @param {boolean} enabled
 */
export function setEnabled(element, enabled) {
  setAttribute(element, "aria-disabled", enabled ? null : "true");
}

/**
 * A card: a section with its heading.
 *
 * @param {string} name its class and the heading's id
 * @param {string} title
 * @param {Node[]} beside what stands in the heading's line
 * @param {...Node} content
 */
export function card(name, title, beside, ...content) {
  const heading = h("h2", { id: `${name}-title` }, title);
  return h(
    "section",
    { class: `card ${name}`, "aria-labelledby": heading.id },
    h("div", { class: "card-head" }, heading, ...beside),
    ...content,
  );
}

/** A pill with a tone and a word or two, announced when they change. */
export function pill() {
  const label = h("span");
  const element = h(
    "span",
    { class: "pill", role: "status" },
    h("span", { class: "dot", "aria-hidden": "true" }),
    label,
  );
  return {
    element,
    /** @param {import("../words.js").Words} words */
    say({ tone, title }) {
      setAttribute(element, "data-tone", tone);
      setText(label, title);
    },
  };
}
