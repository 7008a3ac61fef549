// @ts-check
//
// A store in a worker, where there is no window: it connects to where it is
// told, and says so.

// Import maps are not for workers.
const address = "/dist/index.mjs";

self.onmessage = async ({ data: where }) => {
  const { default: bsockMiddleware } = await import(address);
  const dispatch = (action) => self.postMessage(action.type);
  const store = { dispatch, getState: () => ({}) };
  const handle = bsockMiddleware()(store)((action) => action);
  handle({ type: "CONNECT_SOCKET", bsock: where });
};
