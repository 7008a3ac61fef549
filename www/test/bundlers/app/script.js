// @ts-check
//
// No bundler and no module: what the package's script has put into the page.

import("./run.js").then(({ run }) => run(globalThis.bsockMiddleware));
