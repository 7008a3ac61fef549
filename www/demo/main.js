// @ts-check
// The page: a store from plugins, views that show it, one socket between.

import bsockMiddleware, {
  load,
  redact,
  socketReducer,
} from "bsock-wasm/external";

import { loadConfig } from "./config.js";
import { watchFrames } from "./frames.js";
import * as chain from "./plugins/chain.js";
import * as connection from "./plugins/connection.js";
import * as log from "./plugins/log.js";
import * as wallet from "./plugins/wallet.js";
import { makeStore, panelActions } from "./store.js";
import "./style.css";
import { pageView } from "./views/page.js";

/** The package's own reducer, as a plugin like any other. */
const sockets = {
  metadata: { ...connection.metadata, name: "sockets" },
  pluginReducers: { sockets: socketReducer },
};
const logged = { ...log, middleware: log.logging(redact) };
const plugins = [logged, connection, sockets, chain, wallet]; // log first: see plugins/log.js
const store = makeStore(plugins, bsockMiddleware);
const dispatch = /** @type {any} */ (store.dispatch);
const panel = panelActions(plugins, dispatch);
watchFrames(window, (frame) => dispatch(log.logFrame(frame)));

/** The API key stays here: not in the store, nor in any action. */
let apiKey = "";

/** @param {string} namespace */
const target = (namespace) => {
  const ssl = location.protocol === "https:";
  return {
    host: location.hostname.replace(/^\[|\]$/g, ""), // IPv6 without its brackets
    port: Number(location.port) || (ssl ? 443 : 80),
    ssl,
    namespace,
    ...(apiKey === "" ? {} : { apiKey: () => apiKey }),
  };
};

/** @param {{namespace: string, apiKey: string}} choice */
async function connect(choice) {
  apiKey = choice.apiKey;
  dispatch(connection.changed({ stage: "loading", fault: "" }));
  try {
    await load({ wasm: "./bsock.wasm" });
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    dispatch(connection.changed({ stage: "broken", fault }));
    return;
  }
  panel.connectSocket(target(choice.namespace));
}

let drawing = 0;
/** @type {import("./config.js").Config | null} */
let config = null;
const page = pageView({ ...panel, connect, redraw: draw });
document.body.replaceChildren(page.element);

function drawNow() {
  drawing = 0;
  page.update(store.getState(), config, Date.now());
}

/** Draws at most once a frame, however many actions there were. */
function draw() {
  drawing ||= requestAnimationFrame(drawNow);
}

drawNow();
store.subscribe(draw);
setInterval(draw, 1000); // ages

loadConfig(fetch).then((answer) => {
  config = answer;
  draw();
  if (!answer.apiKeyRequired)
    connect({ namespace: answer.clients[0], apiKey: "" });
});
