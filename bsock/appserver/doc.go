// Package appserver is the proxy between browsers and nodes:
//
//	browser -> app server -> node and wallet
//
// A browser connects with the id of a pair of upstream servers as its namespace,
// so that the path of the URL picks the id; the namespace socket.io stands for
// the default one. Upstream are servers that speak the socket API of bcoin or
// hsd.
//
// # What a browser may say
//
//   - call auth KEY, before anything else; until it has succeeded there is nothing
//     else to call.
//   - fire broadcast MESSAGE, ARGS…: has a call made upstream, whose answer
//     nobody awaits.
//   - call dispatch MESSAGE, ARGS…: the same, and the answer is passed on unread.
//     So is an error, without anything but its message, name, type and code.
//   - fire subscribe MESSAGE, RESPONSE: from then on each upstream event of that
//     name is fired at the browser as RESPONSE, with its arguments unread.
//   - fire unsubscribe MESSAGE, RESPONSE: undoes it.
//
// The first word of MESSAGE picks the server: "wallet join" is join on the
// wallet server, "node get tip" and "get tip" are get tip on the node.
//
// # Order
//
// What one browser says is carried out in order, and each call awaits the one
// before. Questions ("get …", "estimate …") and rescans begin in order as well,
// but nothing waits for them to end.
//
// # Sharing
//
// The browsers of an id share one connection to each of its servers, and a
// server takes them for one client. So what a call changes there is counted:
//
//   - An event is bound once upstream, however many browsers have subscribed.
//   - watch chain, watch mempool and join go upstream for each browser. Their
//     opposites go upstream when the last browser says so, or has left; before
//     that they are answered here, with null.
//   - The events of a wallet reach the browsers that have joined it, and no
//     others.
//
// What cannot be shared gives the browser a connection of its own, which takes
// over its subscriptions, what it watches and what it has joined, and is closed
// when the browser leaves: set filter, add filter, reset filter, rescan and
// rescan interactive (a server has one filter for each connection, and the
// blocks of a rescan are calls of the server's, which go to the browser that
// asked for it), and join with a token or of all wallets (which lets a
// connection see what others may not).
//
// # When a server goes away
//
// Its connection is made anew, without end, and before anything else the key is
// given again and all that was watched, joined and filtered is said again.
// Subscriptions stay. A dispatch meanwhile is answered at once with an error of
// the code NODE_AWAY. One that watches, joins or filters is remembered and
// answered with null: it will be said, so no error may say that it failed.
//
// # Crowds
//
// What one browser, or a thousand of them, can do to the others is bounded: one
// that does not read is cut off, as is one that does not authenticate; those that
// have not may hold half of the places; and of all that browsers ask a server at
// the same time, so much is under way that its events keep coming through. See
// `go run ./build flood`.
package appserver
