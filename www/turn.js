// @ts-check

// Lets the page have its turn between two parts of what would be one long task.

/**
 * Resolves in a task of its own. A timer would do so too, but only once a
 * second in a page that is not seen.
 *
 * @returns {Promise<void>}
 */
export function turn() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close(); // or Node would wait for more
      resolve();
    };
    port2.postMessage(null);
  });
}
