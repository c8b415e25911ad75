/** What the seats' pages work out without a page, tried under Node: `make web-check` builds this and runs it. */
import type { NationDocument, Question } from "../src/seat/documents";
import { flatAbout } from "../src/flat";
import { between } from "../src/seat/lines";
import { merged } from "../src/seat/patch";
import { ahead, few, finding, leftOf, people, span, waiting } from "../src/seat/say";
import { type Decision } from "../src/replay/data";
import { lanes } from "../src/replay/timeline";
import { listed, mean, people as shortly, signed } from "../src/edit/words";
import { seconds } from "../src/seat/seconds";
import { taken } from "../src/seat/wire";

const problems: string[] = [];

function same(got: unknown, due: unknown, what: string): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(due)];
  if (a !== b) problems.push(`${what}: ${a}, not ${b}`);
}

// The examples of RFC 7396, appendix A.
const EXAMPLES: [unknown, unknown, unknown][] = [
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b" }, { a: null }, {}],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [["a", "b"], ["c", "d"], ["c", "d"]],
  [{ a: "b" }, ["c"], ["c"]],
  [{ a: "foo" }, null, null],
  [{ a: "foo" }, "bar", "bar"],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: "b", c: null }, { a: "b" }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];
for (const [target, patch, due] of EXAMPLES) same(merged(target as never, patch as never), due, `${JSON.stringify(target)} with ${JSON.stringify(patch)}`);
const before = { kept: { deep: 1 }, changed: { a: 1 } };
const after = merged(before, { changed: { a: 2 } }) as typeof before;
same([after.kept === before.kept, before.changed.a], [true, 1], "what a patch does not name stays the same object, and the old one is whole");

// Frames: in order, repeated, and with a gap.
const doc = { clock: { case_s: 1 } };
same(taken({ n: -1, doc: null }, { n: 5, doc }), { n: 5, doc, gap: false }, "a whole document");
same(taken({ n: 5, doc }, { n: 6, patch: { clock: { case_s: 2 } } }), { n: 6, doc: { clock: { case_s: 2 } }, gap: false }, "the next patch");
same(taken({ n: 5, doc }, { n: 5, patch: { clock: { case_s: 9 } } }), { n: 5, doc, gap: false }, "a frame come twice");
same(taken({ n: 5, doc }, { n: 7, patch: {} }), { n: 5, doc, gap: true }, "a frame that is missing");
same(taken({ n: -1, doc: null }, { n: 7, patch: {} }).gap, false, "a patch before any document");

// Times.
same([0, 42, 59.6, 60, 185, 3600, 7530, -3].map(span), ["0 s", "42 s", "1 min 00 s", "1 min 00 s", "3 min 05 s", "1 h 00 min", "2 h 05 min", "0 s"], "spans");
same([ahead(10, 10.2), ahead(10, 9)], ["1 s", "0 s"], "rounded up, and never below zero");
same(["3:20", "200", "T+01:00", "1:02:03", "x", "1:2:3:4", ""].map(seconds), [200, 200, 60, 3723, null, null, null], "moments");
same([few([]), few(["A"]), few(["A", "B"]), few(["A", "B", "C", "D"])], ["", "A", "A and B", "A, B and 2 more"], "names");
same([1_716_961, 12_400_000, 48_600, 930].map(people), ["1.7 million", "12 million", "49,000", "930"], "people");

// Decisions by deadline; what has none comes last.
const q = (asked_s: number, until_s?: number): Question => ({ kind: "fire", asker: "ROU", asked_s, ...(until_s === undefined ? {} : { until_s }) });
const open = { "1": q(5), "2": q(9, 90), "3": q(1, 40), "4": q(2) };
same(waiting(open).map(([id]) => id), ["3", "2", "4", "1"], "order of decisions");
same([leftOf(q(0, 100), 25), leftOf(q(0, 100), 130), leftOf(q(0), 5)], [0.75, 0, null], "the share of time left");
const told = (more: Partial<NationDocument>): string => finding({ clock: { case_s: 30, state: "running", speed: 1 }, ...more });
same(told({ questions: open }), "4 decisions wait for you: the first lapses in 10 s.", "the finding with decisions");
same(told({ questions: { "1": q(5) } }), "1 decision waits for you.", "the finding without a deadline");
same(told({ warned: { Sofia: { since_s: 1, impact_s: 100, people: 5 } } }), "Sofia is warned; the first impact is expected in 1 min 10 s.", "the finding with a warning");
same(told({}), "Nothing is in sight, and nothing waits for you.", "the finding of a quiet sky");

// Questions open at the same time stand in rows of their own; a row is taken again when it is free.
const asked = (asked_s: number, took_s: number): Decision => ({ nation: "ROU", kind: "fire", clause: "", battery: "", recipient: "", missile: "", asked_s, until_s: null, said: "yes", took_s, took_wall_s: null, at_stake: "" });
same(lanes([asked(0, 10), asked(5, 10), asked(12, 3)], 60).of.map(([, lane]) => lane), [0, 1, 0], "rows of decisions");

// A flat map keeps distance and bearing from its middle: a quarter of the Earth is a quarter of its girth.
const lay = flatAbout(0, 20);
const [north, east] = [lay(90, 0), lay(0, 110)];
same([north.x, north.y, east.x, east.y].map((v) => Math.abs(Number(v.toFixed(9)))), [0, 1.570796327, 1.570796327, 0], "a quarter of the way round");
same(between(0, 0, 0, 90).map((v) => Math.round(v)), [90, 10008], "due east along the equator");

// Numbers of a comparison, as the reports write them.
same([1_716_961, -978_400, 8_642, -12, 0, 0.3].map(shortly), ["1.72\u00a0M", "−978\u00a0k", "8,640", "−12", "0", "0"], "people in a table");
same([0, 0.001, 0.42, -1.25, 31.4, 140.2].map(mean), ["0", "0", "0.42", "−1.3", "31.4", "140"], "means");
same([signed(0.42, mean), signed(-0.42, mean), signed(0.001, mean)], ["+0.42", "−0.42", "0"], "differences");
same([listed(["A"]), listed(["A", "B", "C"])], ["A", "A, B and C"], "a list in words");

for (const problem of problems) console.error(problem);
console.log(`pure functions of the pages: ${problems.length ? "wrong" : "good"}`);
if (problems.length) throw new Error(`${problems.length} wrong`);
