/** Injects: those planned, with their times, and those that the director makes by hand. */
import { make } from "../parts";
import { clock } from "../words";
import type { DirectorDocument, Inject, Still } from "./documents";
import { flag, keyed, say } from "./keyed";
import type { Held } from "./patch";
import { name } from "./say";
import { section } from "./shell";
import type { Outcome } from "./wire";

interface Field {
  key: string;
  label: string;
  /** A choice among these, a number of seconds, or yes and no. */
  choose?: (still: Still, doc: DirectorDocument | null) => readonly (readonly [string, string])[];
  seconds?: number;
  flag?: readonly [string, string];
}

interface Kind {
  type: string;
  words: string;
  fields: Field[];
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

export const KINDS: Kind[] = [
  { type: "lose", words: "A sensor out of order", fields: [{ key: "station", label: "Sensor", choose: stations }, { key: "lost", label: "From now on", flag: ["out of order", "works again"] }] },
  { type: "suspend", words: "An agreement suspended", fields: [{ key: "agreement", label: "Agreement", choose: agreements }, { key: "suspended", label: "From now on", flag: ["suspended", "in force again"] }] },
  { type: "false_alarm", words: "A false alarm", fields: [{ key: "station", label: "Sensor", choose: stations }, { key: "for_s", label: "For, s", seconds: 60 }] },
  { type: "weather", words: "Weather", fields: [{ key: "area", label: "Over", choose: (s) => same(Object.keys(s.launch_areas ?? {})) }, { key: "cloudy", label: "Sky", flag: ["cloudy", "clear"] }] },
  { type: "unreachable", words: "An authority out of reach", fields: [{ key: "nation", label: "Of", choose: nations }, { key: "for_s", label: "For, s", seconds: 120 }] },
  { type: "launch", words: "An unannounced launch", fields: [{ key: "spare", label: "Missile", choose: (_, doc) => same(Object.keys(doc?.spares ?? {})) }] },
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
  private readonly kind = make("select", { "aria-label": "Kind of inject" });
  private readonly fields = make("div", { class: "fields" });
  private readonly outcome = make("p", { class: "sent", role: "status" });
  private doc: DirectorDocument | null = null;
  private spares = "";

  constructor(
    private readonly still: Still,
    act: (what: Held) => Promise<Outcome>,
  ) {
    for (const k of KINDS) this.kind.append(make("option", { value: k.type }, k.words));
    const form = make("form", { class: "inject" }, this.kind, this.fields, make("button", { type: "submit" }, "Inject"));
    this.kind.addEventListener("change", () => this.lay());
    form.addEventListener("submit", (e) => {
      e.preventDefault();
      const what = this.told();
      void act(what).then(({ ok, words: why }) => {
        this.outcome.textContent = ok ? `Done: ${words(what)}.` : `Not taken: ${why}`;
      });
    });
    this.element = section("Injects", "injects", form, this.outcome, this.none, this.list);
    this.lay();
  }

  focus(): void {
    this.kind.focus();
  }

  show(doc: DirectorDocument): void {
    this.doc = doc;
    const spares = Object.keys(doc.spares ?? {}).join();
    if (spares !== this.spares) {
      this.spares = spares;
      if (this.kind.value === "launch") this.lay();
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

  private lay(): void {
    const kind = KINDS.find((k) => k.type === this.kind.value)!;
    this.fields.replaceChildren(...kind.fields.map((f) => {
      const input = this.input(f);
      input.dataset["key"] = f.key;
      return make("label", {}, make("span", {}, f.label), input);
    }));
  }

  private input(f: Field): HTMLInputElement | HTMLSelectElement {
    if (f.seconds !== undefined) return make("input", { type: "number", min: "1", max: "3600", value: String(f.seconds) });
    const choices = f.flag ? f.flag.map((w, i) => [String(i === 0), w] as const) : f.choose!(this.still, this.doc);
    return make("select", {}, ...choices.map(([value, text]) => make("option", { value }, text)));
  }

  private told(): Held {
    const kind = KINDS.find((k) => k.type === this.kind.value)!;
    const what: Held = { type: kind.type };
    for (const f of kind.fields) {
      const value = this.fields.querySelector<HTMLInputElement>(`[data-key="${f.key}"]`)?.value ?? "";
      what[f.key] = f.seconds !== undefined ? Number(value) : f.flag ? value === "true" : value;
    }
    return what;
  }
}
