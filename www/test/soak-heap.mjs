// @ts-check
//
// What is in a page's heap, once all that can be collected has been.

/** @typedef {import("puppeteer-core").CDPSession} Session */

/** @param {Session} session */
export async function heapUsed(session) {
  // What one collection frees may have held what the next can free.
  for (let i = 0; i < 3; i++) await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize;
}

/**
 * Counts the objects that there are of some classes.
 *
 * @template {string} K
 * @param {Session} session
 * @param {Record<K, string>} classes their names
 * @returns {Promise<Record<K, number>>}
 */
export async function heapCensus(session, classes) {
  const { nodes, strings, snapshot } = await takeSnapshot(session);
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, name] = [fields.indexOf("type"), fields.indexOf("name")];
  const object = types[type].indexOf("object");
  /** @type {Map<string, number>} */
  const census = new Map();
  for (let i = 0; i < nodes.length; i += fields.length)
    if (nodes[i + type] === object) {
      const found = strings[nodes[i + name]];
      census.set(found, (census.get(found) ?? 0) + 1);
    }
  return /** @type {any} */ (
    Object.fromEntries(
      Object.entries(classes).map(([key, value]) => [
        key,
        census.get(/** @type {string} */ (value)) ?? 0,
      ]),
    )
  );
}

/** @param {Session} session */
async function takeSnapshot(session) {
  let text = "";
  const add = (/** @type {{chunk: string}} */ { chunk }) => (text += chunk);
  session.on("HeapProfiler.addHeapSnapshotChunk", add);
  await session.send("HeapProfiler.takeHeapSnapshot", {
    reportProgress: false,
  });
  session.off("HeapProfiler.addHeapSnapshotChunk", add);
  return JSON.parse(text);
}
