// @ts-check
//
// The actions that the package dispatches and 1.1.5 does not know, each with the
// reason. Reducers and plugins pass by a type that they do not know, so what is
// here is no difference to anybody who does not ask for it; transcripts leave
// these actions out, but where they say `show`.

/** @type {Record<string, string>} */
export const additions = {
  SOCKET_STATUS:
    "All that a page shows of a connection, so that a reducer has nothing to work out.",
  SOCKET_CONNECTING: "An attempt begins, the first or another.",
  SOCKET_RECONNECTING:
    "When the next attempt is, for whoever counts down to it.",
  SOCKET_FAILED: "There is no further attempt, so that somebody has to act.",
  SOCKET_RESUMED:
    "A connection is back after a gap, in which plugins may have missed something.",
};
