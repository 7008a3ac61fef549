// @ts-check
//
// The vectors the Go tests read are what npm's bsock does, today, here.

import assert from "node:assert/strict";
import { test } from "node:test";
import { stale } from "./record.mjs";

test("the recorded vectors are what npm's bsock does", async () => {
  assert.deepEqual(await stale(), [], "run `node record.mjs` in www/test");
});
