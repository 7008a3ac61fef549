// @ts-check

// The package's main entry: the module is embedded, nothing is to be
// configured, and nothing happens before the first action or `load`.

import { compileEmbedded } from "./embedded.js";
import { Loader } from "./loader.js";
import { makeFactory } from "./middleware.js";

const loader = new Loader(compileEmbedded);

export const load = loader.load;
export * from "./actions.js";
export { redact } from "./redact.js";
export { socketReducer } from "./reducer.js";
export * from "./selectors.js";

const bsockMiddleware = makeFactory(loader);
export default bsockMiddleware;
