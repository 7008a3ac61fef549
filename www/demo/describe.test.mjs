import assert from "node:assert/strict";
import { test } from "node:test";

import { describeAction, describeFrame, shorten } from "./describe.js";

test("frames are named by what they are", () => {
  const names = {
    '0{"sid":"0"}': "open",
    2: "ping",
    3: "pong",
    6: "noop",
    40: "connect",
    41: "disconnect",
    '42["subscribe","block connect","new block"]': "event subscribe",
    '423["dispatch","get tip"]': "call 3 dispatch",
    '433[null,"x"]': "ack 3",
    '461-3[null,{"_placeholder":true,"num":0}]': "binary ack 3",
    '451-["new block",{"_placeholder":true,"num":0}]': "binary event new block",
    '42["a \\"quoted\\" name"]': 'event a \\"quoted\\" name',
    '44"no"': "error",
    b4AAEC: "binary, base64",
    "": "unknown",
    "?": "unknown",
  };
  for (const [frame, name] of Object.entries(names))
    assert.equal(describeFrame(frame).name, name, `frame ${frame}`);
});

test("the key in the auth frame is never shown", () => {
  const { name, text } = describeFrame('420["auth","s3cret\\"]"]');
  assert.equal(name, "call 0 auth");
  assert.equal(text, '420["auth","[redacted]"]');
});

test("an auth frame without a key shows that there is none", () => {
  assert.equal(describeFrame('420["auth",null]').text, '420["auth",null]');
});

test("an event that only mentions auth is left alone", () => {
  const frame = '42["broadcast","auth","x"]';
  assert.equal(describeFrame(frame).text, frame);
});

test("a long text is cut, and its length told", () => {
  assert.equal(shorten("x".repeat(10), 4), "xxxx… (10 characters)");
  assert.equal(shorten("xxxx", 4), "xxxx");
});

test("an action is shown without its bytes, functions or errors' insides", () => {
  const { name, text } = describeAction({
    type: "CONNECT_SOCKET",
    bsock: { host: "localhost", acknowledge: () => {} },
    payload: [new Uint8Array(304), Buffer.from("abc"), 5n],
  });
  assert.equal(name, "CONNECT_SOCKET");
  assert.deepEqual(JSON.parse(text), {
    bsock: { host: "localhost", acknowledge: "function" },
    payload: ["binary 304 bytes", "binary 3 bytes", "5n"],
  });
});

test("an error shows its message and code", () => {
  const payload = Object.assign(new Error("refused"), { code: "AUTH_FAILED" });
  assert.equal(
    describeAction({ type: "SOCKET_ERROR", payload }).text,
    '{"payload":{"code":"AUTH_FAILED","message":"refused"}}',
  );
});

test("an action that refers to itself is no error", () => {
  /** @type {any} */
  const action = { type: "LOOP" };
  action.self = action;
  assert.match(describeAction(action).text, /^cannot be printed: TypeError/);
});

test("an action of a type alone has no text", () => {
  assert.deepEqual(describeAction({ type: "SOCKET_CONNECTED" }), {
    name: "SOCKET_CONNECTED",
    text: "",
  });
});
