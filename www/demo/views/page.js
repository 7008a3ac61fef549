// @ts-check
// Puts the cards together.

import { blocksView } from "./blocks.js";
import { chainView } from "./chain.js";
import { connectionView } from "./connection.js";
import { h } from "./dom.js";
import { headerView } from "./header.js";
import { logView } from "./log.js";
import { walletView } from "./wallet.js";

/** @param {any} actions what the panel may do, `connect` and `redraw` */
export function pageView(actions) {
  const header = headerView();
  const connection = connectionView({
    connect: actions.connect,
    disconnect: actions.disconnectSocket,
  });
  const chain = chainView();
  const blocks = blocksView();
  const wallet = walletView(actions);
  const log = logView(actions);

  const main = h(
    "main",
    {},
    connection.element,
    chain.element,
    wallet.element,
    blocks.element,
    log.element,
  );
  return {
    element: h("div", { class: "page" }, header.element, main),
    /**
     * @param {any} state
     * @param {import("../config.js").Config | null} config
     * @param {number} now
     */
    update(state, config, now) {
      header.update(config);
      connection.update(state, config, now);
      chain.update(state, now);
      blocks.update(state, now);
      wallet.update(state, config, now);
      log.update(state);
    },
  };
}
