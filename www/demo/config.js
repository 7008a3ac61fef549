// @ts-check
// Asks the server what it serves: GET config.json.

/**
 * @typedef {object} Config
 * @property {string} node "simulated", "hsd", "bcoin", "other", or "unknown"
 * @property {string} label what the server calls its node
 * @property {string} network
 * @property {string[]} clients ids of the nodes behind it, the default first
 * @property {boolean} apiKeyRequired
 * @property {string} problem why the rest is a guess; empty if it is not
 */

/** @type {Config} */
export const UNKNOWN = {
  node: "unknown",
  label: "Unknown node",
  network: "",
  clients: ["socket.io"],
  apiKeyRequired: false,
  problem: "",
};

/**
 * @param {unknown} value
 * @param {string} fallback
 */
const text = (value, fallback) =>
  typeof value === "string" && value !== "" ? value : fallback;

/**
 * Takes from what the server answered what is usable.
 *
 * @param {any} json
 * @returns {Config}
 */
export function parseConfig(json) {
  if (json === null || typeof json !== "object")
    throw new TypeError("it is not a JSON object");
  const clients = (Array.isArray(json.clients) ? json.clients : []).filter(
    (/** @type {unknown} */ id) => typeof id === "string" && id !== "",
  );
  const node = text(json.node, UNKNOWN.node);
  return {
    node,
    label: text(json.label, node === "unknown" ? UNKNOWN.label : node),
    network: text(json.network, ""),
    clients: clients.length > 0 ? clients : UNKNOWN.clients,
    apiKeyRequired: json.apiKeyRequired === true,
    problem: "",
  };
}

/**
 * Never rejects: without an answer it is a Config that says what is wrong.
 *
 * @param {typeof fetch} fetch
 * @returns {Promise<Config>}
 */
export async function loadConfig(fetch) {
  try {
    const response = await fetch("./config.json", { cache: "no-store" });
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    return parseConfig(await response.json());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ...UNKNOWN, problem: reason };
  }
}
