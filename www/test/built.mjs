// @ts-check
//
// The package as it was built, for tests in Node. Its types are those of the
// sources: where nothing is built yet, the checks of the types hold all the same.

/**
 * @param {string} file of the package
 * @returns {Promise<typeof import("bsock-wasm")>}
 */
function built(file) {
  return import(new URL(`../dist/${file}`, import.meta.url).href);
}

/** The main entry, made for `import`. */
export const main = await built("index.mjs");

/** The entry that must be told where the module is. */
export const external = await built("external.mjs");
