// @ts-check
//
// A store in a worker, where there is no window: it connects to where it is
// told, and says so, or what went wrong.

// Import maps are not for workers.
const address = "/dist/index.mjs";

self.onmessage = async ({ data: where }) => {
  const { default: bsockMiddleware } = await import(address);
  const dispatch = ({ type }) => {
    if (/^SOCKET_(CONNECTED|ERROR)$/.test(type)) self.postMessage(type);
  };
  const store = { dispatch, getState: () => ({}) };
  const handle = bsockMiddleware()(store)((action) => action);
  handle({ type: "CONNECT_SOCKET", bsock: where });
};
