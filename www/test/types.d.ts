// Packages without types of their own; what is used of them is plain enough.

declare module "bsock";
declare module "bsock/lib/*";
declare module "bsock-middleware";
declare module "ws";

// What pages keep for their tests: see stage.mjs.
declare var lib: {
  bsockMiddleware: (options?: any) => any;
  load: (options?: any) => Promise<any>;
  App: typeof import("./pages/app.mjs").App;
  hex: typeof import("./pages/app.mjs").hex;
  pause: typeof import("./pages/app.mjs").pause;
  plain: typeof import("./pages/app.mjs").plain;
  readEntry: typeof import("./pages/app.mjs").readEntry;
  plugins: Record<string, import("./pages/plugins.mjs").Plugin>;
};
declare var app: import("./pages/app.mjs").App;
declare var where: Record<string, any>;
declare var bench: Promise<typeof import("./bench/page.mjs")>;
declare var endurance: Promise<typeof import("./bench/endurance/page.mjs")>;
declare var growth: Promise<typeof import("./bench/growth/page.mjs")>;
declare var machine: Promise<import("./transcripts/machine.mjs").Machine>;
declare var Life: typeof import("./pages/soak.mjs").Life;
declare var life: import("./pages/soak.mjs").Life;
declare var left: typeof import("./pages/soak.mjs").left;
declare var Witness: typeof import("./pages/hostile.mjs").Witness;
declare var witness: import("./pages/hostile.mjs").Witness;
declare var bsockMiddleware: (options?: any) => any;
declare var makeSurvivor: (
  seed: number,
) => import("./pages/chaos.mjs").Survivor;
declare var survivor: import("./pages/chaos.mjs").Survivor;
// See trust-stage.mjs: the package, and the state of sockets after some actions.
declare var bsock: typeof import("bsock-wasm");
declare var stateAfter: (log: any[]) => import("bsock-wasm").SocketsState & {
  default: any;
};
