// @ts-check
//
// bsock-middleware 1.1.5 in a page without a bundler. Its file is written for
// CommonJS or a global, and as a global it loses its one function; so it is
// given a CommonJS to believe in.

const page = /** @type {any} */ (globalThis);

/** @type {Promise<(options: any) => any> | undefined} */
let loading;

/** @returns {Promise<(options: any) => any>} */
export function oldMiddleware() {
  // It throws when it is evaluated twice: its polyfill forbids that.
  loading ??= evaluate();
  return loading;
}

async function evaluate() {
  const module = { exports: {} };
  Object.assign(page, { module, exports: module.exports });
  await new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = "/modules/bsock-middleware.js";
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
  delete page.module;
  delete page.exports;
  return /** @type {any} */ (module.exports);
}
