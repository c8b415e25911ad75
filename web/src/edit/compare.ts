/** Two runs side by side: people protected, leakers and warning, by regime and by nation. */
import { make } from "../parts";
import { BASE, type Edited, type Figure, type NationEdited, type RegimeEdited, type Seconds } from "./data";
import { listed, mean, nation, people, seconds, signed } from "./words";

type Said = (value: number) => string;

export function comparison(told: Edited): HTMLElement {
  const names = Object.keys(told.regimes);
  let shown = names.includes(told.headline) ? told.headline : (names.at(-1) ?? "");
  const box = make("div", { class: "by-nation" });
  const buttons = names.map((name) => make("button", { type: "button" }, name));
  const show = (name: string): void => {
    shown = name;
    buttons.forEach((b, i) => b.setAttribute("aria-pressed", String(names[i] === name)));
    const r = told.regimes[name];
    if (r) box.replaceChildren(byNation(name, r, told));
  };
  buttons.forEach((b, i) => b.addEventListener("click", () => show(names[i] ?? "")));
  show(shown);
  return make("div", {},
    make("h2", { id: "compare-title", tabindex: "-1" }, told.finding),
    make("ul", { class: "changes" }, ...told.changes.map((c) => make("li", {}, c))),
    byRegime(told),
    make("div", { class: "switch", role: "group", "aria-label": "Regime of the table below" }, ...buttons),
    box,
    make("p", { class: "soft small" },
      `Means over ${told.trials.toLocaleString("en-GB")} trials on the same luck (seed ${told.seed}). In brackets the 5th and 95th percentile: `
      + "of the difference trial by trial; of warning over trials and places."),
    make("p", { class: "links" },
      make("a", { href: `${BASE}/edits/${told.name}/` }, "Report of the changed case"),
      make("a", { href: `${BASE}/edits/${told.name}.yaml` }, "Case file"),
      make("code", {}, told.file)));
}

function byRegime(told: Edited): HTMLElement {
  const body = Object.entries(told.regimes).map(([name, r]) => make("tr", name === told.headline ? { class: "headline" } : {},
    make("th", { scope: "row" }, name), ...cells(r.protected_population, people, r.population_at_risk), ...cells(r.leakers, mean)));
  return table("By regime", ["regime"], body, [["people protected", 3], ["leakers", 3]]);
}

function byNation(name: string, r: RegimeEdited, told: Edited): HTMLElement {
  const all = Object.entries(r.nations).sort(([, a], [, b]) => moved(b.protected_population) - moved(a.protected_population));
  const quiet = all.filter(([, n]) => still(n)).map(([code]) => nation(code, told.nations));
  const body = all.filter(([, n]) => !still(n)).map(([code, n]) => make("tr", {}, make("th", { scope: "row" }, nation(code, told.nations)),
    ...cells(n.protected_population, people), ...cells(n.leakers, mean),
    ...warned(n.warning_before_s, n.warning_after_s)));
  const made = table(`By nation, under ${name}`, ["nation"], body, [["people protected", 3], ["leakers", 3], ["median warning, s", 3]]);
  if (!quiet.length) return made;
  return make("div", {}, made, make("p", { class: "soft small" }, `Nothing would land in ${listed(quiet)}, before or after.`));
}

/** Nobody there is protected from anything, and nothing lands. */
function still(n: NationEdited): boolean {
  const figures = [n.protected_population, n.leakers];
  return figures.every((f) => f.before === 0 && f.after === 0) && n.warning_before_s.p95 === 0 && n.warning_after_s.p95 === 0;
}

const moved = (f: Figure): number => Math.abs(f.after - f.before);

/** Before, after and the difference; `of` what there is at all, where the changes change that too. */
function cells(f: Figure, said: Said, of?: Figure): HTMLElement[] {
  const risk = (at: number): HTMLElement[] => (of && said(of.before) !== said(of.after) ? [make("small", {}, `of ${said(at)} at risk`)] : []);
  const change = f.after - f.before;
  const luck = f.gain && (f.gain.low !== 0 || f.gain.high !== 0) ? band(f.gain.low, f.gain.high, said) : [];
  return [number(said(f.before), risk(of?.before ?? 0)), number(said(f.after), risk(of?.after ?? 0)), number(signed(change, said), luck, said(change) !== "0")];
}

function warned(before: Seconds, after: Seconds): HTMLElement[] {
  const one = (s: Seconds): HTMLElement => number(seconds(s.p50), band(s.p05, s.p95, seconds));
  const change = after.p50 - before.p50;
  return [one(before), one(after), number(signed(change, seconds), [], Math.abs(change) >= 0.5)];
}

function band(low: number, high: number, said: Said): HTMLElement[] {
  return [make("small", {}, `[${said(low)} to ${said(high)}]`)];
}

function number(told: string, under: HTMLElement[] = [], strong = false): HTMLElement {
  return make("td", { class: strong ? "n moved" : "n" }, told, ...under);
}

function table(caption: string, first: string[], body: HTMLElement[], groups: [string, number][]): HTMLElement {
  const above = make("tr", {}, ...first.map((f) => make("th", { rowspan: "2", scope: "col" }, f)),
    ...groups.map(([name, span]) => make("th", { class: "g", colspan: String(span), scope: "colgroup" }, name)));
  const below = make("tr", {}, ...groups.flatMap(() => ["as it was", "changed", "difference"].map((h) => make("th", { class: "n", scope: "col" }, h))));
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    make("table", {}, make("caption", {}, caption), make("thead", {}, above, below), make("tbody", {}, ...body)));
}
