/** The turns before the raid in words. Pure: what a document says, and nothing else. */
import type { Question, Still, Tabled, TurnState, TurnsDocument } from "./documents";
import type { Held } from "./patch";
import { count, few, name, span } from "./say";

export const MOVES: Record<string, string> = {
  draft: "A release, to us or by us",
  bring: "A clause that is not in force",
  deploy: "Deploy a battery or radar",
  preauthorise: "Leave to fire beforehand",
  warn_public: "Warn our public",
  inform: "Inform a third state",
};

/** What a turn is for, in few words. */
const FOR: Record<string, string> = {
  draft: "draft a release",
  bring: "bring a clause",
  deploy: "deploy",
  preauthorise: "pre-authorise",
  warn_public: "warn the public",
  inform: "inform third states",
};

/** A text of the server's with nations by their names. */
export function named(still: Still, text: string): string {
  return text.replace(/(?<![\w-])[A-Z]{3}(?![\w-])/g, (code) => still.nations[code] ?? code);
}

export function turnName(t: TurnState): string {
  return `Turn ${t.turn} of ${t.of}`;
}

/** Which turn it is, and how long it lasts. */
export function turnClock(t: TurnState, state: string): [string, string] {
  if (t.over) return ["Turns are over", "the raid begins"];
  const left = t.left_s === undefined ? "until the director ends it" : `${span(t.left_s)} left`;
  const stands = state === "paused" ? "paused, " : state === "waiting" ? "not begun, " : "";
  return [turnName(t), `${stands}${left}`];
}

export function turnFor(t: TurnState): string {
  const all = Object.keys(FOR).every((k) => t.may.includes(k));
  const title = t.title ? `${t.title}. ` : "";
  return `${title}In this turn you may ${all ? "put anything on the table" : few(t.may.map((k) => FOR[k] ?? k), 6)}.`;
}

/** What waits for this nation's yes or no. */
export function unanswered(t: TurnState, me: string): [string, Tabled][] {
  return Object.entries(t.table).filter(([, p]) => p.parties.includes(me) && !p.agreed.includes(me) && !p.refused.includes(me));
}

/** A proposal as a question of the seat. */
export function proposed(still: Still, p: Tabled, t: TurnState, now_s: number): Question {
  const timed = t.left_s !== undefined && t.for_s !== undefined;
  return {
    kind: "proposal",
    asker: p.by,
    text: named(still, p.text),
    asked_s: timed ? now_s - (t.for_s! - t.left_s!) : now_s,
    ...(timed ? { until_s: now_s + t.left_s! } : {}),
    says: named(still, p.change),
    cost: "No answer is no. With a yes of all parties it holds from the end of the turn on.",
  };
}

/** Who said what to something on the table. */
export function stands(still: Still, p: Tabled, me: string): string {
  const who = (n: string): string => (n === me ? "you" : name(still, n));
  if (p.holds.length > 0) return p.holds.length === 1 ? "holds" : `holds between ${few(p.holds.map(who), 6)}`;
  const said = (names: string[], does: string): string[] => (names.length > 0 ? [`${few(names.map(who), 4)} ${does}`] : []);
  const open = p.parties.filter((n) => !p.agreed.includes(n) && !p.refused.includes(n));
  return [...said(p.agreed, "said yes"), ...said(p.refused, "said no"), ...said(open, "not yet")].join("; ");
}

/** A proposal in words, before it is put on the table. */
export function inWords(still: Still, what: Held): string {
  const text = (key: string): string => String(what[key] ?? "");
  const { choices } = still;
  switch (what["type"]) {
    case "draft": {
      const after = Number(what["delay_s"]) > 0 ? ` after ${span(Number(what["delay_s"]))}` : "";
      const only = what["threatened"] ? ", of missiles that threaten it" : "";
      const purposes = (what["purposes"] ?? []) as string[];
      const alone = purposes.length > 0 ? `, for ${few(purposes, 4)} alone` : "";
      return `${name(still, text("recipient"))} may have ${text("product").replaceAll("_", " ")} of ${name(still, text("owner"))}${after}${only}${alone}.`;
    }
    case "bring": {
      const bring = choices?.bring?.[text("clause")];
      return bring ? `${text("clause")}: ${named(still, bring)}.` : "No clause that would bind you is left out.";
    }
    case "deploy": {
      const host = choices?.sites?.[text("site")]?.host;
      if (!what["unit"]) return "You own nothing that can be moved.";
      return host ? `${text("unit")} moves to ${text("site")}, on the soil of ${name(still, host)}.` : "No site is listed where it could stand.";
    }
    case "preauthorise": {
      const alert = (what["alert"] ?? []) as string[];
      const way = choices?.preauthorise?.[text("clause")];
      return way ? `${text("clause")} (${named(still, way)}): leave for your batteries is given beforehand${alert.length > 0 ? `, in ${few(alert, 4)} alone` : ""}.` : "No clause in force asks anybody.";
    }
    case "warn_public":
      return "Your people are told what may come, so that a warning reaches them sooner. It asks nobody.";
    case "inform":
      return `${name(still, text("state"))} consents beforehand to what your rounds do above it.`;
    default:
      return "";
  }
}

export function turnFinding(doc: TurnsDocument, me: string): string {
  const t = doc.turns;
  if (t.over) return "The turns are over. The raid begins with what was agreed.";
  if (doc.clock.state === "over") return "The exercise is over.";
  const waits = unanswered(t, me).length;
  if (waits > 0) return `${count(waits, "proposal waits", "proposals wait")} for you; no answer is no.`;
  const holds = Object.values(t.table).filter((p) => p.holds.includes(me)).length;
  const open = Object.keys(t.table).length - holds;
  if (holds + open === 0) return "Nothing waits for you, and nothing that binds you is on the table.";
  return `Nothing waits for you: ${holds} of what binds you ${holds === 1 ? "holds" : "hold"}, ${open} ${open === 1 ? "is" : "are"} open.`;
}

export function directorTurnFinding(doc: TurnsDocument): string {
  const t = doc.turns;
  const table = Object.values(t.table);
  const waits = Object.values(doc.nations ?? {}).reduce((sum, n) => sum + (n.waits ?? 0), 0);
  const holds = table.filter((p) => p.holds.length > 0).length;
  const title = t.title ? ` (${t.title})` : "";
  return `Before the raid${title}: ${table.length} on the table, ${holds} ${holds === 1 ? "holds" : "hold"}, ${count(waits, "answer is", "answers are")} missing.`;
}

export function observerTurnFinding(doc: TurnsDocument): string {
  const t = doc.turns;
  const known = Object.keys(t.table).length;
  const title = t.title ? ` (${t.title})` : "";
  return `Before the raid${title}: ${known === 0 ? "nothing is public yet" : `${count(known, "thing is", "things are")} public`}.`;
}
