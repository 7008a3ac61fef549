// The middleware is a Middleware to every Redux there is. Checked by tsc alone.

import { configureStore } from "@reduxjs/toolkit";
import type { Middleware as MiddlewareOfToolkit } from "@reduxjs/toolkit";
import { applyMiddleware, legacy_createStore as createStore } from "redux";
import type { Middleware as Middleware5 } from "redux";
import { thunk } from "redux-thunk";
import type { ThunkDispatch } from "redux-thunk";
import type { Middleware as Middleware3 } from "redux3";
import {
  applyMiddleware as applyMiddleware4,
  createStore as createStore4,
} from "redux4";
import type { Middleware as Middleware4 } from "redux4";

import bsockMiddleware, { load } from "bsock-wasm";
import external, { load as loadExternal } from "bsock-wasm/external";
import type { SocketMiddleware } from "bsock-wasm";

import { same } from "./same";

const middleware = bsockMiddleware({ listeners: [], debug: false });

export const of3: Middleware3 = middleware;
export const of4: Middleware4 = middleware;
export const of5: Middleware5 = middleware;
export const ofToolkit: MiddlewareOfToolkit = middleware;

export const uncalled4: Middleware4 = bsockMiddleware;
export const uncalled5: Middleware5 = bsockMiddleware;
export const uncalledOfToolkit: MiddlewareOfToolkit = bsockMiddleware;

same<typeof external, typeof bsockMiddleware>(true);
same<typeof loadExternal, typeof load>(true);
same<typeof middleware, SocketMiddleware>(true);

interface State {
  height: number;
}
const reducer = (state: State = { height: 0 }): State => state;

// What the other middleware adds to dispatch is still there.
const store5 = createStore(reducer, applyMiddleware(thunk, middleware));
export const fromThunk: number = store5.dispatch(() => 1);
same<ReturnType<typeof store5.getState>, State>(true);
createStore(reducer, applyMiddleware(bsockMiddleware)).dispatch({ type: "x" });

const store4 = createStore4(reducer, applyMiddleware4(middleware));
store4.dispatch({ type: "x" });
createStore4(reducer, applyMiddleware4(bsockMiddleware)).getState().height;

const toolkit = configureStore({
  reducer,
  middleware: (getDefault) => getDefault().concat(middleware),
});
export const dispatch: ThunkDispatch<State, unknown, { type: string }> =
  toolkit.dispatch;
same<ReturnType<typeof toolkit.getState>, State>(true);

// @ts-expect-error a factory is not a middleware when it is called twice
export const calledTwice: Middleware5 = bsockMiddleware()({
  dispatch: (action: unknown) => action,
  getState: () => ({}),
});
