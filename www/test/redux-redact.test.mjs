// @ts-check
//
// No secret is left in an action that is to be shown, and nothing else is gone.

import assert from "node:assert/strict";
import { test } from "node:test";

import { main } from "./built.mjs";

const { redact } = main;

const SECRET = "s3cret";

/** @type {[what: string, bsock: Record<string, any>, shown: Record<string, any>][]} */
const emits = [
  [
    "a key for the server itself",
    { type: "auth", message: SECRET },
    { type: "auth", message: "[redacted]" },
  ],
  [
    "a key that is passed on",
    { type: "dispatch", message: "auth", key: SECRET, acknowledge: null },
    {
      type: "dispatch",
      message: "auth",
      key: "[redacted]",
      acknowledge: null,
    },
  ],
  [
    "a key for the wallet",
    { type: "dispatch", message: "wallet auth", arg1: SECRET },
    { type: "dispatch", message: "wallet auth", arg1: "[redacted]" },
  ],
  [
    "a wallet's token",
    { type: "dispatch", message: "wallet join", id: "w", token: SECRET },
    { type: "dispatch", message: "wallet join", id: "w", token: "[redacted]" },
  ],
  [
    "a wallet's token, for the wallet itself",
    { type: "join", message: "w", token: SECRET },
    { type: "join", message: "w", token: "[redacted]" },
  ],
];

for (const [what, bsock, shown] of emits)
  test(`${what} is not shown`, () => {
    const action = { type: "EMIT_SOCKET", bsock, meta: { timeout: 1 } };
    const before = structuredClone(action);
    assert.deepEqual(redact(action), { ...action, bsock: shown });
    assert.deepEqual(action, before, "the action itself is as it was");
  });

for (const apiKey of [SECRET, new Uint8Array(4), () => SECRET, { a: SECRET }])
  test(`an API key is not shown: ${typeof apiKey}`, () => {
    const bsock = { host: "localhost", port: 1, apiKey, auth: { apiKey } };
    assert.deepEqual(redact({ type: "CONNECT_SOCKET", bsock }), {
      type: "CONNECT_SOCKET",
      bsock: { ...bsock, apiKey: "[redacted]", auth: "[redacted]" },
    });
  });

test("that there is no key is shown", () => {
  const action = {
    type: "CONNECT_SOCKET",
    bsock: { port: 1, apiKey: null, auth: undefined },
  };
  assert.equal(redact(action), action);
});

for (const action of [
  { type: "EMIT_SOCKET", bsock: { type: "broadcast", message: "watch chain" } },
  {
    type: "EMIT_SOCKET",
    bsock: { type: "dispatch", message: "wallet join", id: "w" },
  },
  { type: "EMIT_SOCKET", bsock: { type: "broadcast", message: "author" } },
  { type: "EMIT_SOCKET", bsock: null },
  { type: "EMIT_SOCKET", bsock: { type: Symbol("auth"), message: 1 } },
  { type: "SOCKET_CONNECTED" },
  { type: "LOGIN", apiKey: "the application's own business" },
  () => {},
  null,
  undefined,
])
  test(`nothing is secret in ${JSON.stringify(action)}, and it is itself`, () =>
    assert.equal(redact(action), action));

test("it serves as an actionSanitizer, which is called with an id too", () => {
  const sanitizer = /** @type {(action: any, id: number) => any} */ (redact);
  const action = { type: "EMIT_SOCKET", bsock: { type: "auth", message: "k" } };
  assert.equal(sanitizer(action, 5).bsock.message, "[redacted]");
});
