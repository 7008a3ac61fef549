// @ts-check
//
// The soak, shortened: `make soak` is the whole of it.

import { test } from "node:test";
import { soak } from "./soak.mjs";

test("a page that lives long keeps nothing", (t) =>
  soak({
    events: 80_000,
    reconnections: 80,
    say: (line) => t.diagnostic(line),
  }));
