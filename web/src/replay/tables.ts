/** The review as tables: decisions, missed chances, and what was known, could be known, and was denied. */
import { make } from "../parts";
import type { Level, Still } from "../seat/documents";
import { LEVELS, count, people, span } from "../seat/say";
import { clock } from "../words";
import type { Decision, Knowledge, Missed, Review } from "./data";
import { SAID } from "./timeline";

const CAUSES: Record<string, string> = {
  not_seen: "not seen",
  not_released: "not released",
  no_mandate: "no mandate",
  no_authority: "no leave to fire",
  too_late: "too late",
  no_rounds: "no rounds left",
};

export function table(heads: string[], rows: (string | Node)[][]): HTMLElement {
  const body = rows.map((r) => make("tr", {}, ...r.map((c) => make("td", {}, c))));
  const head = make("tr", {}, ...heads.map((h) => make("th", { scope: "col" }, h)));
  return make("div", { class: "scroll" }, make("table", {}, make("thead", {}, head), make("tbody", {}, ...body)));
}

const named = (still: Still, code: string): string => still.nations[code] ?? code;

export function decisionTable(decisions: Decision[], still: Still): HTMLElement {
  return table(
    ["asked", "nation", "decision", "clause", "said", "took", "at stake"],
    decisions.map((d) => [
      clock(d.asked_s),
      named(still, d.nation),
      [d.kind, d.battery, d.recipient && `to ${named(still, d.recipient)}`, d.missile].filter(Boolean).join(" "),
      d.clause,
      SAID[d.said],
      d.took_s === null ? "" : span(d.took_s),
      d.at_stake,
    ]),
  );
}

/** The commonest cause in a sentence. */
export function missedFinding(review: Review): string {
  const causes = Object.entries(review.missed.causes).filter(([, n]) => n > 0).sort(([, a], [, b]) => b - a);
  const all = causes.reduce((sum, [, n]) => sum + n, 0);
  if (all === 0) return "No chance to shoot was missed.";
  const [cause, n] = causes[0]!;
  return `${count(all, "chance was", "chances were")} missed, ${all === 1 ? "" : `${n === all ? "all" : n} `}because ${CAUSES[cause] ?? cause}.`;
}

export function missedTable(chances: Missed[], still: Still): HTMLElement {
  return table(
    ["battery", "owner", "missile", "towards", "last launch", "why", "under"],
    chances.map((m) => [
      m.battery,
      named(still, m.owner),
      m.missile,
      `${m.target}${m.people > 0 ? `, ${people(m.people)} people` : ""}`,
      clock(m.last_s),
      m.words || (CAUSES[m.cause] ?? m.cause),
      m.because.join(", "),
    ]),
  );
}

export function knowledgeTable(all: Knowledge[], still: Still): HTMLElement {
  const level = (l: string): string => LEVELS[l as Level] ?? l;
  const rows = all.flatMap((k) =>
    Object.keys(k.could_s).map((l) => {
      const denied = k.denied[l];
      return [
        named(still, k.nation),
        `${k.missile} to ${k.target}`,
        level(l),
        k.knew_s[l] === undefined ? "never" : clock(k.knew_s[l]),
        `${clock(k.could_s[l]!)}${k.by[l] ? ` by ${named(still, k.by[l])}` : ""}`,
        denied ? [denied.words, denied.because.join(", ")].filter(Boolean).join(": ") : "",
      ];
    }),
  );
  return table(["nation", "missile", "known as", "it knew", "first known", "why not sooner"], rows);
}
