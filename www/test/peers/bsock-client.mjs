// @ts-check
//
// npm's bsock as a client, for servers that are not it:
//
//   node bsock-client.mjs PORT EVENT…     connects, binds these events
//
// It says {"connected": true} each time the server has said so. Commands are
// those of control.mjs, and reconnect(), which does at once what bsock would do
// ten to fifteen seconds after a loss.

import bsock from "bsock";
import { commandsOf, obey, say, serve } from "./control.mjs";

const [port, ...events] = process.argv.slice(2);
const socket = bsock.connect(Number(port), "127.0.0.1");

serve(socket, events);
socket.on("connect", () => say({ connected: true }));

await obey({
  ...commandsOf(() => socket),
  reconnect: () => socket.reconnect(),
});
process.exit();
