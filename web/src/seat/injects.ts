/** Injects: those planned, with their times, and those that the director makes by hand. */
import { make } from "../parts";
import { clock } from "../words";
import type { DirectorDocument, Inject, Still } from "./documents";
import { Fields, type Kind } from "./fields";
import { flag, keyed, say } from "./keyed";
import type { Held } from "./patch";
import { name } from "./say";
import { section } from "./shell";
import type { Outcome } from "./wire";

interface Known {
  still: Still;
  doc: DirectorDocument | null;
}

const same = (names: string[]): [string, string][] => names.map((n) => [n, n]);
const stations = (still: Still): [string, string][] =>
  same([
    ...Object.keys(still.sensors ?? {}),
    ...Object.entries(still.sites ?? {}).filter(([, s]) => s.kind !== "battery").map(([n]) => n),
  ].sort());
const agreements = (still: Still): [string, string][] => {
  const clauses = Object.entries(still.clauses ?? {});
  const whole = [...new Set(clauses.map(([, c]) => c.agreement ?? "").filter(Boolean))].sort();
  return [...whole.map((a): [string, string] => [a, a]), ...clauses.map(([id, c]): [string, string] => [id, `${id}, a clause of ${c.agreement || "the case"}`])];
};
const nations = (still: Still): [string, string][] => Object.keys(still.nations).map((n) => [n, name(still, n)]);

const KINDS: Kind<Known>[] = [
  { type: "lose", words: "A sensor out of order", fields: [{ key: "station", label: "Sensor", choose: (c) => stations(c.still) }, { key: "lost", label: "From now on", flag: ["out of order", "works again"] }] },
  { type: "suspend", words: "An agreement suspended", fields: [{ key: "agreement", label: "Agreement", choose: (c) => agreements(c.still) }, { key: "suspended", label: "From now on", flag: ["suspended", "in force again"] }] },
  { type: "false_alarm", words: "A false alarm", fields: [{ key: "station", label: "Sensor", choose: (c) => stations(c.still) }, { key: "for_s", label: "For, s", seconds: 60 }] },
  { type: "weather", words: "Weather", fields: [{ key: "area", label: "Over", choose: (c) => same(Object.keys(c.still.launch_areas ?? {})) }, { key: "cloudy", label: "Sky", flag: ["cloudy", "clear"] }] },
  { type: "unreachable", words: "An authority out of reach", fields: [{ key: "nation", label: "Of", choose: (c) => nations(c.still) }, { key: "for_s", label: "For, s", seconds: 120 }] },
  { type: "launch", words: "An unannounced launch", fields: [{ key: "spare", label: "Missile", choose: (c) => same(Object.keys(c.doc?.spares ?? {})) }] },
];

/** An inject in words, from what it says. */
export function words(what: Inject["what"]): string {
  if (typeof what === "string") return what;
  const { type, ...rest } = what;
  const kind = KINDS.find((k) => k.type === type);
  const told = (kind?.fields ?? []).flatMap((f) => {
    const v = rest[f.key];
    if (v === undefined) return [];
    if (f.flag) return [v ? f.flag[0] : f.flag[1]];
    return [f.seconds === undefined ? String(v) : `${String(v)} s`];
  });
  return `${kind?.words ?? String(type)}: ${told.join(", ")}`;
}

export class Injects {
  readonly element: HTMLElement;
  private readonly list = make("ol", { class: "rows injects" });
  private readonly none = make("p", { class: "none" }, "None is planned.");
  private readonly form: Fields<Known>;
  private readonly outcome = make("p", { class: "sent", role: "status" });
  private doc: DirectorDocument | null = null;
  private spares = "";

  constructor(
    still: Still,
    act: (what: Held) => Promise<Outcome>,
  ) {
    this.form = new Fields(KINDS, "Kind of inject", "Inject", () => ({ still, doc: this.doc }), (what) => {
      void act(what).then(({ ok, words: why }) => {
        this.outcome.textContent = ok ? `Done: ${words(what)}.` : `Not taken: ${why}`;
      });
    });
    this.element = section("Injects", "injects", this.form.form, this.outcome, this.none, this.list);
    this.form.offer(KINDS.map((k) => k.type));
  }

  focus(): void {
    this.form.focus();
  }

  show(doc: DirectorDocument): void {
    this.doc = doc;
    const spares = Object.keys(doc.spares ?? {}).join();
    if (spares !== this.spares) {
      this.spares = spares;
      if (this.form.type === "launch") this.form.lay();
    }
    const rows = Object.entries(doc.injects ?? {}).sort(([, a], [, b]) => (a.time_s ?? 0) - (b.time_s ?? 0));
    this.none.hidden = rows.length > 0;
    keyed(this.list, rows, () => make("li", {}, make("time"), make("span"), make("span", { class: "soft" })), (li, i) => {
      say(li.children[0]!, i.time_s === undefined ? "by hand" : clock(i.time_s));
      say(li.children[1]!, words(i.what));
      say(li.children[2]!, i.done ? "done" : "to come");
      flag(li, "data-done", i.done ? "yes" : null);
    });
  }
}
