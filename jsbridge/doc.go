// Package jsbridge is the border between Go, compiled to WebAssembly, and the
// JavaScript around it.
//
// Each Go half has a JavaScript half of the same name beside it, with the same
// names in it: guest.go and guest.js, host.go and host.js, memory.go and
// memory.js, create.go and create.js. Calls cross as WebAssembly exports and
// imports with fixed signatures, at a twentieth of a microsecond; a function of
// syscall/js takes fifteen. Only what needs a JavaScript object in hand, and
// happens once for each store, is read through safejs: create.go.
//
// The program's main has run when a page loads the module: program.js.
//
// # The rules of the border
//
//  1. An export runs to completion. It starts no goroutine and no timer:
//     nothing would resume them.
//  2. An export never panics. What panics inside is recovered there and
//     reported as SOCKET_ERROR; the module goes on.
//  3. An import never throws: it would skip the Go frames it crosses, with
//     their defers. What the page throws is caught in JavaScript, the import
//     says so in its result, and the page gets it back in a fresh task.
//  4. A string that comes in through an export is borrowed: it is in memory
//     that the next call overwrites. Who keeps it clones it.
//  5. A string that goes out through an import is borrowed likewise.
//  6. Exports and imports nest, because the page may dispatch while it is
//     being dispatched to; entry.js bounds how deep, far below where the
//     stack ends.
//  7. Bodies stay in JavaScript. Go knows them by number.
//  8. Go is the authority on what arrives, and on what is sent. What it has let
//     JavaScript deliver or send by itself is a cache of what it would do: in
//     doubt, Go is given the message or the emit. route.js and lease.js have
//     the laws; again.js asks Go each time.
package jsbridge
