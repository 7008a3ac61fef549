import assert from "node:assert/strict";
import { test } from "node:test";

import { UNKNOWN, loadConfig, parseConfig } from "./config.js";

/** @param {any} response @returns {any} */
const fetching = (response) => async () => response;

test("a full answer is taken as it is", async () => {
  const answer = {
    node: "hsd",
    label: "hsd 8",
    network: "regtest",
    clients: ["a", "b"],
    apiKeyRequired: true,
  };
  const response = { ok: true, json: async () => answer };
  assert.deepEqual(await loadConfig(fetching(response)), {
    ...answer,
    problem: "",
  });
});

test("what is missing or of the wrong type has a default", () => {
  assert.deepEqual(parseConfig({ node: "other", clients: [1, ""], label: 3 }), {
    node: "other",
    label: "other",
    network: "",
    clients: ["socket.io"],
    apiKeyRequired: false,
    problem: "",
  });
  assert.deepEqual(parseConfig({}), UNKNOWN);
});

test("without an answer the problem is named, and nothing rejects", async () => {
  const missing = await loadConfig(fetching({ ok: false, status: 404 }));
  assert.deepEqual(missing, { ...UNKNOWN, problem: "HTTP status 404" });

  const html = { ok: true, json: async () => JSON.parse("<html>") };
  assert.match((await loadConfig(fetching(html))).problem, /JSON/);

  const wrong = { ok: true, json: async () => null };
  assert.match((await loadConfig(fetching(wrong))).problem, /not a JSON/);

  const down = await loadConfig(() => Promise.reject(new TypeError("offline")));
  assert.equal(down.problem, "offline");
});
