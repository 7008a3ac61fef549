// @ts-check

// What only whoever builds the page can mend is written to the console, where
// they look first: a module that does not load, options that are wrong. What
// goes wrong with a connection is the store's business alone.

/** @param {Error} error */
export function complain({ message }) {
  console.error(`bsock-wasm: ${message}`);
}
