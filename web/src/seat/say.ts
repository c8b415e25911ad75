/** Times and findings in words. Pure: what a document says, and nothing else. */
import { clock } from "../words";
import {
  type DirectorDocument,
  type Level,
  type NationDocument,
  type ObserverDocument,
  type Question,
  type Still,
  type Warned,
  allWarned,
} from "./documents";

export const LEVELS: Record<Level, string> = {
  alert: "alert",
  impact_estimate: "impact estimate",
  track: "track",
  fire_control_track: "fire-control track",
};

/** A span of time: "42 s", "3 min 05 s", "2 h 05 min". Below zero it is zero. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const pad = (n: number): string => String(n).padStart(2, "0");
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}

/** Seconds to something ahead, rounded up so that "0 s" is never too early. */
export function ahead(now_s: number, at_s: number): string {
  return span(Math.ceil(Math.max(0, at_s - now_s)));
}

/** How much of the time to answer is left, from 1 to 0; null where there is no deadline. */
export function leftOf(q: Question, now_s: number): number | null {
  if (q.until_s === undefined) return null;
  const whole = Math.max(1e-9, q.until_s - q.asked_s);
  return Math.min(1, Math.max(0, (q.until_s - now_s) / whole));
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en-GB")} ${n === 1 ? one : many}`;
}

/** "A", "A and B", "A, B and 3 more". */
export function few(names: string[], most = 2): string {
  if (names.length <= 1) return names[0] ?? "";
  if (names.length <= most) return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  return `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
}

export function people(n: number): string {
  if (n >= 950_000) return `${(n / 1e6).toFixed(n < 9_500_000 ? 1 : 0)} million`;
  if (n >= 9_500) return `${Math.round(n / 1000)},000`;
  return Math.round(n).toLocaleString("en-GB");
}

/** Questions that may be answered for once, by deadline; what has none comes last, the oldest first. */
export function waiting(questions: Record<string, Question> | undefined): [string, Question][] {
  const all = Object.entries(questions ?? {});
  const until = (q: Question): number => q.until_s ?? Infinity;
  return all.sort(([a, p], [b, q]) => {
    const [u, v] = [until(p), until(q)];
    return (u === v ? 0 : u - v) || p.asked_s - q.asked_s || (a < b ? -1 : 1);
  });
}

export function name(still: Still, code: string | undefined): string {
  return code === undefined ? "" : (still.nations[code] ?? code);
}

/** What a question asks, as a sentence. */
export function asked(still: Still, q: Question): string {
  const track = q.track === undefined ? "" : ` track ${q.track}`;
  const whom = name(still, q.recipient);
  const asker = name(still, q.asker) || q.asker;
  switch (q.kind) {
    case "fire":
      return `May ${q.battery ?? asker} engage${track}?`;
    case "consent":
      return `May ${q.battery ?? asker} fire from your soil${track ? ` at${track}` : ""}?`;
    case "vote":
      return `Do you vote for ${q.battery ?? asker} engaging${track}?`;
    case "release":
      return `Release${track} to ${whom}?`;
    case "proposal":
      return `${asker} proposes: ${q.text ?? ""}.`;
    default:
      return `${asker} asks for an answer${track ? ` about${track}` : ""}.`;
  }
}

export const KINDS: Record<string, string> = {
  fire: "Leave to fire",
  consent: "Consent of the host",
  vote: "Vote",
  release: "Release",
  proposal: "Proposal",
};

function warning(warned: Record<string, Warned>, now_s: number): string {
  const soon = Object.entries(warned).sort(([, a], [, b]) => a.impact_s - b.impact_s);
  const next = soon.find(([, w]) => w.impact_s >= now_s);
  const names = few(soon.map(([n]) => n));
  const are = soon.length === 1 ? "is" : "are";
  return next
    ? `${names} ${are} warned; the first impact is expected in ${ahead(now_s, next[1].impact_s)}.`
    : `${names} ${are} warned; the expected times of impact have passed.`;
}

/** What matters most now in a nation's seat, in one sentence. */
export function finding(doc: NationDocument): string {
  const now = doc.clock.case_s;
  const struck = Object.keys(doc.impacts ?? {}).length;
  if (doc.clock.state === "over") {
    return struck === 0 ? "The exercise is over. Nothing came down on your soil." : `The exercise is over. ${count(struck, "impact")} on your soil.`;
  }
  const open = waiting(doc.questions);
  if (open.length > 0) {
    const until = open[0]![1].until_s;
    const next = open.length === 1 ? "it" : "the first";
    const when = until === undefined ? "" : ` ${next} lapses in ${ahead(now, until)}.`;
    return `${count(open.length, "decision waits", "decisions wait")} for you${when ? `:${when}` : "."}`;
  }
  if (doc.clock.state === "waiting") return "The exercise has not begun. Nothing waits for you.";
  const warned = doc.warned ?? {};
  if (Object.keys(warned).length > 0) return warning(warned, now);
  const tracks = Object.values(doc.tracks ?? {});
  if (tracks.length === 0) return "Nothing is in sight, and nothing waits for you.";
  const none = tracks.every((t) => !t.threatens?.length);
  return `${count(tracks.length, "track")} in sight${none ? "; none is known to threaten a place of yours" : ""}.`;
}

/** How the raid goes, in one sentence, for the director. */
export function directorFinding(doc: DirectorDocument): string {
  const all = Object.values(doc.truth ?? {});
  const of = (state: string): number => all.filter((m) => m.state === state).length;
  const waits = Object.values(doc.nations ?? {}).reduce((sum, n) => sum + (n.questions ?? 0), 0);
  if (doc.clock.state === "waiting") {
    const sat = Object.values(doc.nations ?? {}).filter((n) => n.taken).length;
    const seats = Object.keys(doc.nations ?? {}).length;
    return `Not begun: ${sat} of ${count(seats, "nation")} ${sat === 1 ? "is" : "are"} seated; the protocol plays the rest.`;
  }
  const over = doc.clock.state === "over" ? "The exercise is over: " : "";
  const told = `${of("flying")} in flight, ${of("down")} shot down, ${of("hit")} came down on target`;
  return `${over}${told}${waits > 0 && !over ? `; ${count(waits, "question waits", "questions wait")} for people` : ""}.`;
}

export function observerFinding(doc: ObserverDocument): string {
  const now = doc.clock.case_s;
  const struck = Object.keys(doc.impacts ?? {}).length;
  if (doc.clock.state === "waiting") return "The exercise has not begun.";
  if (doc.clock.state === "over") return `The exercise is over: ${count(struck, "impact")}.`;
  const warned = allWarned(doc);
  if (Object.keys(warned).length > 0) return warning(warned, now);
  return struck > 0 ? `${count(struck, "impact")}; no place is warned now.` : "No place is warned.";
}

/** The state of the clock in words: what a person has to know about time. */
export function clockWords(doc: { clock: NationDocument["clock"] }): string {
  const c = doc.clock;
  const words: Record<string, string> = {
    waiting: "not begun",
    running: c.speed === 1 ? "running" : `running at ${c.speed} ×`,
    paused: "paused",
    over: "over",
  };
  const behind = (c.behind_s ?? 0) >= 1 ? `, ${span(c.behind_s!)} behind` : "";
  return `${words[c.state] ?? c.state}${behind}`;
}

export { clock };
