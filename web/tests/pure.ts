/** What the seats' pages work out without a page, tried under Node: `make web-check` builds this and runs it. */
import ms from "milsymbol";
import codes from "../../tests/golden/symbols.json";
import type { NationDocument, Question, Still, Tabled, TurnState } from "../src/seat/documents";
import { flatAbout } from "../src/flat";
import { between } from "../src/seat/lines";
import { merged } from "../src/seat/patch";
import { ahead, few, finding, leftOf, people, span, waiting } from "../src/seat/say";
import { comparedFinding, whatIfFinding } from "../src/replay/beside";
import { type Course, type Decision } from "../src/replay/data";
import { lanes } from "../src/replay/timeline";
import { listed, mean, people as shortly, signed } from "../src/edit/words";
import { seconds } from "../src/seat/seconds";
import { inWords, named, proposed, stands, turnClock, turnFinding, turnFor, unanswered } from "../src/seat/turnsay";
import { taken } from "../src/seat/wire";
import { clock } from "../src/words";

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
same(["3:20", "200", "T+01:00", "1:02:03", "-0:30", "T\u221200:30", "x", "1:2:3:4", ""].map(seconds), [200, 200, 60, 3723, -30, -30, null, null, null], "moments");
same([clock(200.9), clock(-30), clock(-29.5)], ["T+03:20", "T\u221200:30", "T\u221200:30"], "the clock, also before the raid");
same([few([]), few(["A"]), few(["A", "B"]), few(["A", "B", "C", "D"])], ["", "A", "A and B", "A, B and 2 more"], "names");
same([1_716_961, 12_400_000, 48_600, 930].map(people), ["1.7 million", "12 million", "49,000", "930"], "people");

// What an exercise is held beside.
const course = (regime: string, came_down: number): Course => ({ regime, people: false, ends_s: 900, shot_down: 0, came_down, in_flight: 0, rounds: 2, warned: {} });
const aside = (own: number, other: number) => whatIfFinding({ from_s: 200, played: course("allied", 0), same: course("allied", own), other: course("national", other) });
same(aside(1, 3), "From T+03:20 on, under national, 3 missiles come down on target, where under allied 1 does.", "another regime");
same(aside(2, 2), "From T+03:20 on, under national, as many come down as under allied: 2.", "a regime that changes nothing");
const side = { log: "runs/b.log", case: "x", regime: "allied", seed: 1, version: "1" };
const figures = [{ about: "end", what: "missiles that came down on target", one: 1, other: 0 }];
same(comparedFinding({ one: side, other: { ...side, seed: 2 }, figures }), "Beside b.log: 1 came down here, 0 there; they differ in more than their people: in case, regime or luck.", "another exercise");

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

// The turns before the raid: whose answer is missing, what holds, and what a form would put on the table.
const tabled = (more: Partial<Tabled>): Tabled => ({ text: "BGR may have track of USA", change: "", by: "USA", turn: 1, parties: ["USA", "BGR"], agreed: ["USA"], refused: [], holds: [], ...more });
const table = { p1: tabled({}), p2: tabled({ agreed: ["USA", "BGR"], holds: ["USA", "BGR"] }), p3: tabled({ refused: ["BGR"] }), p4: tabled({ parties: ["USA", "ROU"] }) };
const turn: TurnState = { turn: 1, of: 2, title: "The eve", may: ["draft", "deploy"], over: false, for_s: 300, left_s: 75, table };
const { left_s: _, ...endless } = turn;
const still = { seat: "BGR", nations: { USA: "United States", BGR: "Bulgaria", ROU: "Romania" }, choices: { bring: {}, sites: { Buzau: { host: "ROU", domain: "land", lat: 45, lon: 26 } }, preauthorise: {} } } as unknown as Still;
same(unanswered(turn, "BGR").map(([id]) => id), ["p1"], "what waits for a nation");
same(Object.values(table).map((p) => stands(still, p, "BGR")), ["United States said yes; you not yet", "holds between United States and you", "United States said yes; you said no", "United States said yes; Romania not yet"], "how things on the table stand");
same([turnClock(turn, "running"), turnClock(endless, "paused"), turnClock({ ...turn, over: true }, "running")], [["Turn 1 of 2", "1 min 15 s left"], ["Turn 1 of 2", "paused, until the director ends it"], ["Turns are over", "the raid begins"]], "the clock of a turn");
same(turnFor(turn), "The eve. In this turn you may draft a release and deploy.", "what a turn is for");
const asks = proposed(still, table.p1, turn, 60);
same([asks.text, leftOf(asks, 60), asks.until_s], ["Bulgaria may have track of United States", 0.25, 135], "a proposal as a question");
same(proposed(still, table.p1, endless, 60).until_s, undefined, "a turn without an end of its own");
same(named(still, "bmd-1: USA, FRA and USA-2"), "bmd-1: United States, FRA and USA-2", "nations by name, clauses as they are");
const turned = (more: Partial<TurnState>): string => turnFinding({ clock: { case_s: 0, state: "running", speed: 1 }, turns: { ...turn, ...more } }, "BGR");
same([turned({}), turned({ table: { p2: table.p2, p3: table.p3 } })], ["1 proposal waits for you; no answer is no.", "Nothing waits for you: 1 of what binds you holds, 1 is open."], "the finding of a turn");
same([
  inWords(still, { type: "draft", owner: "USA", recipient: "BGR", product: "impact_estimate", delay_s: 20, threatened: true, purposes: ["warning"] }),
  inWords(still, { type: "deploy", unit: "x", site: "Buzau" }),
  inWords(still, { type: "deploy", unit: "x", site: "" }),
  inWords(still, { type: "bring", clause: "" }),
], ["Bulgaria may have impact estimate of United States after 20 s, of missiles that threaten it, for warning alone.", "x moves to Buzau, on the soil of Romania.", "No site is listed where it could stand.", "No clause that would bind you is left out."], "a form in words");

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

// Every symbol code that an export tells is one that is drawn; one that does not exist is not.
for (const code of codes) same(new ms.Symbol(code).isValid(), true, `symbol ${code}`);
same(new ms.Symbol("10139900009999990000").isValid(), false, "a symbol that does not exist");

for (const problem of problems) console.error(problem);
console.log(`pure functions of the pages: ${problems.length ? "wrong" : "good"}`);
if (problems.length) throw new Error(`${problems.length} wrong`);
