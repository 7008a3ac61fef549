// @ts-check

// What happens to a page that a socket must know at once: it is online again,
// it is looked at again, it goes into the back/forward cache or away, it comes
// back. Workers, Node and Jest have no such life, and nothing is listened to.

/**
 * What follows the page.
 *
 * @typedef {object} Follower
 * @property {() => void} resume connects now instead of later, or finds out
 *   whether the connection still stands
 * @property {() => void} suspend closes the connection until it is resumed: a
 *   page with an open one is kept in no back/forward cache
 */

/**
 * Listens to the page, for good.
 *
 * @param {() => Iterable<Follower>} followers those there are by then
 */
export function followPage(followers) {
  if (
    typeof document !== "object" ||
    typeof document.addEventListener !== "function" ||
    typeof addEventListener !== "function"
  ) {
    return;
  }
  const resume = () => [...followers()].forEach((each) => each.resume());
  const suspend = () => [...followers()].forEach((each) => each.suspend());
  addEventListener("online", resume);
  addEventListener("pagehide", suspend);
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) {
      resume();
    }
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      resume();
    }
  });
}
