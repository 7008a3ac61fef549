import { imports } from "./imports.js";

const Stock = globalThis.Go;
globalThis.Go = class extends Stock {
  constructor() {
    super();
    Object.assign(this.importObject, imports);
  }
};
