// @ts-check
//
// What of each curve is measured and how far it is taken; how much more a unit
// may cost at its end than where it begins. What comes twice as dear in a
// hundred thousand is mostly a cache that no longer holds it.

/**
 * @typedef {object} Plan
 * @property {string} title
 * @property {string} x what grows
 * @property {string} y what a unit is
 * @property {number[]} xs
 * @property {number[]} [quickly] the points of a quick run
 * @property {string[]} subjects
 * @property {number} from which x the end is compared with
 * @property {import("../result.mjs").Target} target what that comes to: so many
 *   times the cost at that x, or how that compares with what plain JavaScript's
 *   comes to, where the engine makes both dearer
 * @property {boolean} [whole] whether y is the cost of the whole of x: then the
 *   target is for what each of x costs
 * @property {string} [note]
 */

const all = ["ours", "1.1.5", "plain"];
const bounded = ["ours", "plain"];
const alone = ["ours"];

/** @typedef {import("../result.mjs").Target} Target */

/** @type {(times: number) => Target} */
const within = (times) => ({ of: "value", atMost: times });

/**
 * No more than one and a half times what plain JavaScript comes to.
 *
 * @type {Target}
 */
const likePlain = { of: "limit", atLeast: 0.67 };

const held = "held to what plain JavaScript comes to: ";
const reading = `${held}the engine itself makes more of a byte when it reads a large JSON text.`;
const writing = `${held}the engine itself makes more of a byte when it writes a large JSON text.`;
const keeping = `${held}its calls cost more too as more of them are in flight.`;

const filling =
  "the first 100,000 cost 1.3 µs each, as the module's memory grows with them from 8 to 30 MB, and the next 1.0. queueLimit is 1,000 if nobody says otherwise.";

const decades = (/** @type {number} */ most) =>
  [1, 10, 100, 1000, 10_000, 100_000].filter((x) => x <= most);

const calls = { x: "calls in flight", y: "a call" };
const emits = { x: "emits", y: "an emit" };
const subscriptions = { x: "subscriptions", y: "a subscription" };

const sizes = [50, 500, 5000, 50_000, 500_000, 5_000_000, 25_000_000, 1e8];
const someSizes = [50, 50_000, 5_000_000];

/** @type {Record<string, Plan>} by the names in curves.mjs */
export const plans = {
  "payload-text": {
    title: "a text event, by its size",
    x: "bytes",
    y: "an event",
    xs: sizes,
    quickly: someSizes,
    subjects: all,
    from: 50_000,
    target: likePlain,
    whole: true,
    note: reading,
  },
  "payload-binary": {
    title: "a binary event, by its size",
    x: "bytes",
    y: "an event",
    xs: sizes,
    quickly: someSizes,
    subjects: all,
    from: 50_000,
    target: within(1.5),
    whole: true,
  },
  "payload-emitted": {
    title: "an emit, by its size",
    x: "bytes",
    y: "an emit",
    xs: sizes.slice(0, -2),
    quickly: someSizes,
    subjects: all,
    from: 50_000,
    target: likePlain,
    whole: true,
    note: writing,
  },
  "listeners-events": {
    title: "an event, by listeners to as many other events",
    x: "listeners",
    y: "an event",
    xs: decades(10_000),
    subjects: all,
    from: 1,
    target: likePlain,
    note: "held to what plain JavaScript comes to: the events come in turn: at 10,000 neither their texts nor their listeners are in the processor's caches, as plain JavaScript shows too",
  },
  "listeners-one-event": {
    title: "an event, by listeners to it",
    x: "listeners",
    y: "each of its actions",
    xs: decades(10_000),
    subjects: all,
    from: 100,
    target: within(1.5),
  },
  "listeners-bound": {
    title: "connecting, by listeners",
    x: "listeners",
    y: "a listener",
    xs: decades(10_000),
    subjects: all,
    from: 100,
    target: within(1.5),
  },
  "sockets-events": {
    title: "an event, by sockets that they come from in turn",
    x: "sockets",
    y: "an event",
    xs: [1, 3, 10, 30, 100],
    quickly: [1, 100],
    subjects: bounded,
    from: 1,
    target: within(2),
  },
  "sockets-connect": {
    title: "connecting a hundred sockets, by how many are in one store",
    x: "sockets in a store",
    y: "a socket",
    xs: [1, 10, 100],
    quickly: [1, 100],
    subjects: bounded,
    from: 1,
    target: within(1.5),
  },
  "calls-in-order": {
    title: "a call and its answer, by calls in flight, answered in order",
    ...calls,
    xs: decades(100_000),
    subjects: all,
    from: 100,
    target: likePlain,
    note: keeping,
  },
  "calls-in-reverse": {
    title: "a call and its answer, by calls in flight, answered in reverse",
    ...calls,
    xs: decades(100_000),
    subjects: all,
    from: 100,
    target: likePlain,
    note: keeping,
  },
  "calls-time-out": {
    title: "a call that times out, by calls that do so at once",
    ...calls,
    xs: decades(100_000),
    subjects: alone,
    from: 100,
    target: within(2),
  },
  "calls-cut-off": {
    title: "a call that is cut off, by calls in flight",
    ...calls,
    xs: decades(100_000),
    subjects: alone,
    from: 100,
    target: within(2),
  },
  "queue-emit": {
    title: "an emit that comes to wait, by emits that wait",
    ...emits,
    xs: decades(100_000),
    subjects: all,
    from: 1000,
    target: { ...within(1.5), short: filling, known: 3 },
  },
  "queue-drain": {
    title: "sending what has waited, by emits that wait",
    ...emits,
    xs: decades(100_000),
    subjects: all,
    from: 1000,
    target: within(1.5),
    note: "queueLimit is 1,000 if nobody says otherwise, and may be 2,147,483,647",
  },
  "queue-push-out": {
    title: "an emit that pushes the oldest out, by emits that wait",
    ...emits,
    xs: decades(10_000),
    subjects: alone,
    from: 100,
    target: within(1.5),
  },
  "queue-expire": {
    title: "an emit that has waited too long, by emits that wait",
    ...emits,
    xs: decades(100_000),
    subjects: alone,
    from: 100,
    target: within(1.5),
  },
  "queue-expire-behind": {
    title: "the same, behind as many that may wait",
    ...emits,
    xs: decades(100_000),
    subjects: alone,
    from: 100,
    target: within(1.5),
  },
  "subscriptions-emit": {
    title: "subscribing, by subscriptions",
    ...subscriptions,
    xs: decades(10_000),
    subjects: bounded,
    from: 100,
    target: within(2),
  },
  "persist-emit": {
    title: "an emit with meta.persist, by others of its type and message",
    x: "emits that are remembered",
    y: "an emit",
    xs: decades(10_000),
    subjects: alone,
    from: 100,
    target: within(2),
  },
  "subscriptions-replay": {
    title: "subscribing again after a reconnection, by subscriptions",
    ...subscriptions,
    xs: decades(10_000),
    subjects: bounded,
    from: 100,
    target: within(1.5),
  },
  "subscriptions-again": {
    title: "hearing of a subscription that was made again, by subscriptions",
    ...subscriptions,
    xs: decades(10_000),
    subjects: alone,
    from: 100,
    target: within(2),
  },
  "window-events": {
    title: "an event into a window, by events in it",
    x: "events",
    y: "an event",
    xs: decades(100_000),
    subjects: bounded,
    from: 100,
    target: within(1.5),
  },
  "windows-open": {
    title: "an event that opens a window, by windows that are open",
    x: "windows",
    y: "an event",
    xs: decades(10_000),
    subjects: bounded,
    from: 100,
    target: within(2),
  },
};

/**
 * The points of a curve.
 *
 * @param {Plan} plan
 * @param {boolean} quick
 */
export function pointsOf({ xs, quickly, from }, quick) {
  if (!quick) return xs;
  if (quickly) return quickly;
  // Of the largest there is one round at least, and that would be too long.
  const most = Math.min(xs[xs.length - 1], 10_000);
  return [...new Set([from, most])];
}
