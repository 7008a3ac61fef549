// @ts-check
//
// Every field of every action, wrong in turn: the error names the field, the
// value and what is expected; it rejects the action's promise and comes as
// SOCKET_ERROR; nothing is half done, and nothing is left unhandled.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { NpmServer } from "./npm-server.mjs";
import { Stage } from "./stage.mjs";

const stage = new Stage();
const server = new NpmServer();

before(async () => {
  await server.open();
  await stage.openPages();
  stage.site.upstream = server.url;
});
afterEach(async () => {
  await stage.closePages();
  server.reset();
});
after(async () => {
  await stage.close();
  await server.close();
});

/**
 * A mistake is one field and values that it must not have, each as the source
 * text of an expression and as the error is to name it.
 *
 * @typedef {[field: string, values: [source: string, named: string][]]} Mistake
 */

/** @type {Mistake[]} */
const inConnect = [
  [
    "port",
    [
      ["undefined", "nothing"],
      ["null", "null"],
      ["0", "0"],
      ["-1", "-1"],
      ["65536", "65536"],
      ["1.5", "1.5"],
      ["NaN", "NaN"],
      ["'no port'", "no port"],
      ["{}", ""],
    ],
  ],
  [
    "host",
    [
      ["5", "5"],
      ["{}", ""],
      ["'two words'", "two words"],
    ],
  ],
  [
    "ssl",
    [
      ["'yes'", "yes"],
      ["1", "1"],
    ],
  ],
  [
    "protocols",
    [
      ["'one'", "one"],
      ["[5]", "5"],
      ["['a b']", "a b"],
    ],
  ],
  [
    "namespace",
    [
      ["5", "5"],
      ["{}", ""],
    ],
  ],
];

/** @type {Mistake[]} */
const inEmit = [
  [
    "type",
    [
      ["undefined", "nothing"],
      ["5", "5"],
      ["''", ""],
      ["'connect'", "connect"],
      ["'error'", "error"],
    ],
  ],
  [
    "message",
    [
      ["undefined", "nothing"],
      ["5", "5"],
      ["null", "null"],
    ],
  ],
  [
    "acknowledge",
    [
      ["5", "5"],
      ["'yes'", "yes"],
      ["{}", ""],
    ],
  ],
];

/** @type {Mistake[]} */
const inMeta = [
  [
    "timeout",
    [
      ["-1", "-1"],
      ["'soon'", "soon"],
      ["NaN", "NaN"],
    ],
  ],
];

const goodConnect = "{ host: '127.0.0.1', port: where.port }";
const goodEmit = "{ type: 'broadcast', message: 'watch chain' }";

/**
 * Every action with one mistake in it, as source text.
 *
 * @returns {{name: string, field: string, named: string, action: string}[]}
 */
function wrongActions() {
  const wrong = [];
  for (const [field, values] of inConnect)
    for (const [source, named] of values)
      wrong.push({
        name: `CONNECT_SOCKET with ${field} ${source}`,
        field,
        named,
        action: `{ type: "CONNECT_SOCKET", bsock: { ...${goodConnect}, ${field}: ${source} } }`,
      });
  for (const [field, values] of inEmit)
    for (const [source, named] of values)
      wrong.push({
        name: `EMIT_SOCKET with ${field} ${source}`,
        field,
        named,
        action: `{ type: "EMIT_SOCKET", bsock: { ...${goodEmit}, ${field}: ${source} } }`,
      });
  for (const [field, values] of inMeta)
    for (const [source, named] of values)
      wrong.push({
        name: `EMIT_SOCKET with meta.${field} ${source}`,
        field,
        named,
        action: `{ type: "EMIT_SOCKET", bsock: ${goodEmit}, meta: { ${field}: ${source} } }`,
      });
  for (const type of ["CONNECT_SOCKET", "EMIT_SOCKET"])
    for (const source of ["5", "'yes'", "[]"])
      wrong.push({
        name: `${type} with ${source} for bsock`,
        field: "bsock",
        // What is missing in it is named: there is nothing right about it.
        named: "nothing",
        action: `{ type: "${type}", bsock: ${source} }`,
      });
  return wrong;
}

/** Opens a page with a store that is connected, and stays so. */
async function connected() {
  const open = await stage.page();
  await open.page.evaluate(async (port) => {
    globalThis.where = { host: "127.0.0.1", port };
    globalThis.app = new lib.App(lib.bsockMiddleware, []);
    app.connect(where);
    await app.until("SOCKET_CONNECTED");
  }, stage.site.port);
  return open;
}

test("each is named, rejected, announced, and does nothing", async () => {
  const { page, noise } = await connected();
  /** @type {string[]} */
  const complaints = [];
  for (const wrong of wrongActions())
    for (const complaint of await complaintsAbout(page, wrong))
      complaints.push(`${wrong.name}: ${complaint}`);
  assert.deepEqual(complaints, []);
  await worksOn(page);
  assert.deepEqual(noise, []);
});

/**
 * @param {import("puppeteer-core").Page} page
 * @param {{field: string, named: string, action: string}} wrong
 */
async function complaintsAbout(page, { field, named, action }) {
  const sent = server.frames.length;
  const { rejected, announced, same } = await dispatchWrong(page, action);
  const expectations = {
    "its promise rejects": rejected !== "",
    "SOCKET_ERROR carries the very error": same,
    "there is one SOCKET_ERROR": announced === 1,
    [`it names ${field}: ${rejected}`]: rejected.includes(field),
    [`it names ${named}: ${rejected}`]: rejected.includes(named),
    "no other socket is opened": server.sockets.length === 1,
    "nothing is sent": server.frames.length === sent,
  };
  return Object.keys(expectations).filter((what) => !expectations[what]);
}

/**
 * Dispatches an action that is wrong, and tells what came of it.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {string} action
 * @returns {Promise<{rejected: string, announced: number, same: boolean}>}
 */
function dispatchWrong(page, action) {
  return /** @type {Promise<any>} */ (
    page.evaluate(`(async () => {
      const before = app.seen("SOCKET_ERROR").length;
      const error = await app.dispatch(${action}).then(() => null, (e) => e);
      const fresh = app.seen("SOCKET_ERROR").slice(before);
      return {
        rejected: error instanceof Error ? error.message : "",
        announced: fresh.length,
        same: fresh.some(({ payload }) => payload === error),
      };
    })()`)
  );
}

// The connection that stood before is standing still, and is of use.
/** @param {import("puppeteer-core").Page} page */
async function worksOn(page) {
  server.socket.hook("still there", () => "yes");
  const answer = await page.evaluate(() =>
    app.emit({ type: "still there", message: "?", acknowledge() {} }),
  );
  assert.equal(answer, "yes");
  const closed = await page.evaluate(() => app.seen("SOCKET_CLOSED").length);
  assert.equal(closed, 0);
}

test("a rejection that nobody awaits makes no noise", async () => {
  const { page, noise } = await connected();
  await page.evaluate(async () => {
    app.emit({ type: 5, message: "m" });
    app.emit({ type: "x", message: "m", acknowledge: 5 });
    app.connect({ port: 0 });
    await app.until("SOCKET_ERROR", 3);
    await lib.pause(100);
  });
  assert.deepEqual(noise, []);
});

for (const [what, source] of [
  ["a circular value", "(() => { const a = {}; a.a = a; return a; })()"],
  ["a BigInt", "10n"],
  ["a toJSON that throws", "{ toJSON() { throw new Error('mine'); } }"],
  ["a getter that throws", "{ get x() { throw new Error('mine'); } }"],
])
  test(`${what} cannot be sent, and says so`, async () => {
    const { page, noise } = await connected();
    const action = `{ type: "EMIT_SOCKET", bsock: { ...${goodEmit}, rest: ${source} } }`;
    const { rejected, announced } = await dispatchWrong(page, action);
    assert.notEqual(rejected, "");
    assert.equal(announced, 1);
    assert.equal(server.frames.length, 1, "auth alone was sent");
    await worksOn(page);
    assert.deepEqual(noise, []);
  });

for (const [field, listener] of [
  ["event", "{ actionType: 'A' }"],
  ["event", "{ event: 5, actionType: 'A' }"],
  ["event", "{ event: 'connect', actionType: 'A' }"],
  ["actionType", "{ event: 'a' }"],
  ["actionType", "{ event: 'a', actionType: 5 }"],
  ["listener", "null"],
])
  test(`a listener ${listener} is refused when connecting`, async () => {
    const { page, noise } = await connected();
    const message = await page.evaluate(`(async () => {
      const other = new lib.App(lib.bsockMiddleware, [], { listeners: [${listener}] });
      const error = await Promise.resolve(other.connect(where)).then(() => null, (e) => e);
      return other.seen("SOCKET_ERROR").some(({ payload }) => payload === error)
        ? error.message : "no SOCKET_ERROR";
    })()`);
    assert.ok(String(message).includes(field), String(message));
    assert.equal(server.sockets.length, 1, "nothing was connected");
    assert.deepEqual(noise, [`console.error: bsock-wasm: ${message}`]);
  });

/** @type {[options: string, named: RegExp][]} */
const wrongOptions = [
  ["5", /options must be an object, got a number/],
  ["'listeners'", /options must be an object, got a string/],
  ["() => ({})", /options must be an object, got a function/],
  ["[{ event: 'a', actionType: 'A' }]", /pass \{ listeners \}/],
  ["{ listeners: 5 }", /listeners\[0\]\.event must be an event's name/],
  ["{ Buffer: 5 }", /option Buffer must be a class like Node's/],
  ["{ Buffer: Uint8Array.prototype }", /option Buffer must be a class/],
  ["{ binary: 'hex' }", /option binary must be a function/],
  ["{ disconnectedAction: 'OFFLINE' }", /disconnectedAction must be an action/],
  ["{ ackTimeout: '1s' }", /option ackTimeout must be a number/],
  ["{ ackTimeout: -1 }", /option ackTimeout must be a number of at least/],
  ["{ authTimeout: NaN }", /option authTimeout must be a number/],
  ["{ connectTimeout: {} }", /option connectTimeout must be a number/],
  ["{ queueLimit: 0 }", /option queueLimit must be a number of at least 1/],
  ["{ queueLimit: 10n }", /option queueLimit must be a number/],
  ["{ reconnect: 5 }", /option reconnect must be false, or an object/],
  ["{ reconnect: { min: 'x' } }", /option reconnect\.min must be a number/],
  ["{ reconnect: { factor: 0 } }", /option reconnect\.factor must be a number/],
  ["{ get ackTimeout() { throw 1; } }", /options cannot be read: 1/],
  ["{ get Buffer() { throw 2; } }", /options cannot be read: 2/],
];

test("wrong options are named, and the store works on", async () => {
  const { page, noise } = await connected();
  for (const [options, named] of wrongOptions) {
    const { message, ...rest } = await connectTwice(page, options);
    assert.match(message, named, options);
    const told = [
      ["SOCKET_ERROR", 0],
      ["SOCKET_ERROR", 1],
    ];
    assert.deepEqual(rest, { code: "BAD_OPTION", told, passed: true }, options);
    // Once, although it was tried twice.
    const inConsole = [`console.error: bsock-wasm: ${message}`];
    assert.deepEqual(noise.splice(0), inConsole, options);
    assert.equal(server.sockets.length, 1, `${options}: nothing was connected`);
  }
  await worksOn(page);
});

/**
 * Makes a middleware of these options, connects it twice, and tells what it
 * said, and whether actions of others still pass.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {string} options
 */
function connectTwice(page, options) {
  return /** @type {Promise<any>} */ (
    page.evaluate(`(async () => {
      const log = [];
      const handle = lib.bsockMiddleware(${options})({
        dispatch: (action) => log.push(action),
        getState: () => ({}),
      })((action) => action);
      const foreign = { type: "OTHER" };
      const before = handle(foreign);
      const attempt = () =>
        handle({ type: "CONNECT_SOCKET", bsock: where }).then(() => null, (e) => e);
      const errors = [await attempt(), await attempt()];
      return {
        message: errors[0].message,
        code: errors[0].code,
        told: log.map(({ type, payload }) => [type, errors.indexOf(payload)]),
        passed: before === foreign && handle(foreign) === foreign,
      };
    })()`)
  );
}

test("an ordinary error of a connection is for the store alone", async () => {
  server.onSocket = (socket) =>
    socket.hook("auth", () => {
      throw new Error("no");
    });
  const { page, noise } = await stage.page();
  const code = await page.evaluate(async (port) => {
    globalThis.app = new lib.App(lib.bsockMiddleware, []);
    app.connect({ host: "127.0.0.1", port });
    return (await app.until("SOCKET_ERROR")).payload.code;
  }, stage.site.port);
  assert.equal(code, "AUTH_FAILED");
  assert.deepEqual(noise, []);
});
