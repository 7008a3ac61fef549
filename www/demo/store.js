// @ts-check
// Makes the store from plugins, as bPanel does.
//
// The order of the chain is the contract: thunks are resolved first, plugins
// see every action before the socket middleware, which comes last.
// Listeners are collected before the store exists.

import { applyMiddleware, combineReducers, createStore } from "redux";
import { thunk } from "redux-thunk";

/**
 * @typedef {object} Sockets
 * @property {{event: string, actionType: string}[]} listeners
 */

/**
 * A Plugin is what a file in plugins/ exports, all of it optional but metadata.
 *
 * @typedef {object} Plugin
 * @property {{name: string, author: string, description: string, version: string}} metadata
 * @property {(sockets?: Sockets) => void} [addSocketConstants]
 * @property {import("redux").Middleware} [middleware]
 * @property {Record<string, import("redux").Reducer<any, any>>} [pluginReducers]
 * @property {{Panel: (dispatch: any, map: object) => object}} [mapComponentDispatch]
 */

/** @typedef {{type: string, payload?: any, [key: string]: any}} Action */

/**
 * @template T
 * @param {(T | undefined)[]} list
 * @returns {T[]}
 */
const present = (list) => list.flatMap((item) => item ?? []);

/**
 * @param {Plugin[]} plugins
 * @param {(options: Sockets) => import("redux").Middleware} socketMiddleware
 */
export function makeStore(plugins, socketMiddleware) {
  /** @type {Sockets} */
  const sockets = { listeners: [] };
  for (const plugin of plugins) plugin.addSocketConstants?.(sockets);

  const reducers = present(plugins.map((plugin) => plugin.pluginReducers));
  return createStore(
    combineReducers(Object.assign({}, ...reducers)),
    applyMiddleware(
      thunk,
      ...present(plugins.map((plugin) => plugin.middleware)),
      socketMiddleware(sockets),
    ),
  );
}

/**
 * Collects what the page may do: every plugin's mapComponentDispatch.Panel.
 *
 * @param {Plugin[]} plugins
 * @param {Function} dispatch
 * @returns {any}
 */
export function panelActions(plugins, dispatch) {
  return plugins.reduce(
    (map, plugin) => plugin.mapComponentDispatch?.Panel(dispatch, map) ?? map,
    /** @type {object} */ ({}),
  );
}
