// @ts-check
//
// vite's own server over the applications in a folder, on a free port, which it
// prints: `node vite-dev.mjs FOLDER`.

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { createServer } = await import(require.resolve("vite"));

const server = await createServer({
  root: process.argv[2],
  configFile: false,
  logLevel: "warn",
  server: { host: "127.0.0.1", port: 0, strictPort: false },
});
await server.listen();
process.stdout.write(`${server.httpServer.address().port}\n`);
