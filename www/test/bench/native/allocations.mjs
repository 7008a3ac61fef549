// @ts-check
//
// How many allocations a message takes, and what for.

import { allocations, group } from "./halves.mjs";

/** @type {{bench: string, title: string, most?: number, note?: string}[]} */
const kinds = [
  { bench: "ConnEvent", title: "codec: an event received", most: 0 },
  { bench: "ConnFire", title: "codec: an event fired", most: 0 },
  { bench: "ConnCall", title: "codec: a call and its answer", most: 0 },
  {
    bench: "Receive/unbound",
    title: "native: an event received, nobody listens",
    note: "None but the room for what came together, of up to 1 KB, in which the texts stand.",
  },
  {
    bench: "Receive/bound",
    title: "native: an event received by a handler",
    note: "The list of its arguments, and the function that is guarded against panics.",
  },
  {
    bench: "Receive/decoded",
    title: "native: an event received and decoded",
    note: "As before, the struct, and a string in it.",
  },
  {
    bench: "Fire",
    title: "native: an event fired",
    note: "The caller's list of arguments and the argument in it, what encoding/json needs for a struct, the text, and its place in the queue.",
  },
  {
    bench: "Call",
    title: "native: a call and its answer",
    note: "As a fire; and the answer's text and the list of its values.",
  },
  {
    bench: "Broadcast",
    title: "native: an event delivered to one of 1,000 connections",
    note: "What is made for an event is made once for all.",
  },
];

/** @returns {import("../result.mjs").Row[]} */
export function allocationRows() {
  const found = allocations("^Benchmark(Conn|Receive|Fire|Call$|Broadcast$)");
  return kinds.map(({ bench, title, most, note }) => ({
    id: `native-allocations-${bench.toLowerCase().replace("/", "-")}`,
    group,
    title,
    unit: "allocs/message",
    better: "less",
    ours: [found[bench]],
    ...(most === undefined ? {} : { targets: [{ of: "value", atMost: most }] }),
    note,
  }));
}
