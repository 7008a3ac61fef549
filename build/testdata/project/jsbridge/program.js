// As much of a program as its module needs.

export function makeScope(bsock) {
  const printed = [];
  return {
    Object,
    Array,
    Uint8Array,
    Date,
    TextEncoder,
    TextDecoder,
    crypto: { getRandomValues: (bytes) => crypto.getRandomValues(bytes) },
    performance: { now: () => performance.now() },
    printed,
    fs: {
      constants: {},
      writeSync(fd, bytes) {
        printed.push(new TextDecoder().decode(bytes));
        return bytes.length;
      },
    },
    bsock,
  };
}

export function valuesOf({ Object, Array, bsock }) {
  return [Object, Array, bsock];
}

export function aboutOf(compiled) {
  const [section] = WebAssembly.Module.customSections(compiled, "bsock");
  return JSON.parse(new TextDecoder().decode(section));
}

export function goOn(go, instance, scope) {
  const exports = { ...instance.exports, run() {} };
  go.run(Object.create(instance, { exports: { value: exports } }));
  go._values.push(...valuesOf(scope));
}
