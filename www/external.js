// @ts-check

// The package's other entry: the page serves bsock.wasm itself, and says where
// it is by `load({ wasm })`.

import { Loader } from "./loader.js";
import { makeFactory } from "./middleware.js";

const loader = new Loader(null);

export const load = loader.load;
export * from "./actions.js";
export { redact } from "./redact.js";
export { socketReducer } from "./reducer.js";
export * from "./selectors.js";

const bsockMiddleware = makeFactory(loader);
export default bsockMiddleware;
