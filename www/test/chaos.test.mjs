// @ts-check
//
// Chaos, shortened: `make chaos` is the whole of it.

import { test } from "node:test";
import { chaos, someSeed } from "./chaos.mjs";

test("a page loses nothing to a line and servers that break", (t) =>
  chaos({ faults: 40, seed: someSeed(), say: (line) => t.diagnostic(line) }));
