// The sockets' state in every Redux there is, and what selects from it. Checked
// by tsc alone.

import { configureStore } from "@reduxjs/toolkit";
import { combineReducers } from "redux";
import { combineReducers as combineReducers3 } from "redux3";
import { combineReducers as combineReducers4 } from "redux4";

import {
  createSelectors,
  redact,
  selectError,
  selectSockets,
  selectStatus,
  socketReducer,
} from "bsock-wasm";
import type {
  ConnectAction,
  SocketState,
  SocketStatus,
  SocketsState,
} from "bsock-wasm";

import { same } from "./same";

const reducers = { sockets: socketReducer, height: (state = 0) => state };

const store = configureStore({ reducer: reducers });
type RootState = ReturnType<typeof store.getState>;
same<RootState["sockets"], SocketsState>(true);

combineReducers(reducers)(undefined, { type: "x" }).sockets.default.status;
combineReducers3(reducers)({} as never, { type: "x" });
combineReducers4(reducers)(undefined, { type: "x" });

const ofStore = createSelectors(({ sockets }: RootState) => sockets);
const state = store.getState();
export const status: SocketStatus = ofStore.selectStatus(state, "other");
export const latency: number | null = ofStore.selectLatency(state);
export const names: readonly string[] = selectSockets(state.sockets);
export const error: SocketState["error"] = selectError(state.sockets);

// @ts-expect-error the state of the store is not that of the reducer
selectStatus(state);
// @ts-expect-error nor the other way round
ofStore.selectStatus(state.sockets);
// @ts-expect-error a slice has the sockets' state
createSelectors(({ height }: RootState) => height);
// @ts-expect-error no such status
status === "online";
// @ts-expect-error the state is the reducer's
state.sockets.default.status = "failed";
// @ts-expect-error it may be null
error.message;

const connect: ConnectAction = { type: "CONNECT_SOCKET", bsock: { port: 1 } };
same<ReturnType<typeof redact<ConnectAction>>, ConnectAction>(true);
redact(connect).bsock.port;
