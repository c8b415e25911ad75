/** Around the globe: regimes, their figures, the legend, the list of sites, and the card of one. */
import { type Report, type Site, isPlace, symbolOf } from "./data";
import { palette } from "./palette";
import { icon, make, shape } from "./parts";
import { symbolAddress } from "./stamps";
import { grouped } from "./words";

const KINDS: Record<string, string> = {
  radar: "Radar",
  satellite: "Infrared satellite",
  aircraft: "Aircraft with an infrared sensor",
  battery: "Interceptor battery",
  ship: "Ship with interceptors",
  city: "City",
  base: "Base",
};

/** Buttons for the regimes; one is always pressed. */
export function regimeSwitch(report: Report, chosen: string, choose: (name: string) => void): HTMLElement {
  const group = make("div", { class: "switch", role: "group", "aria-label": "Regime" });
  for (const [name, regime] of Object.entries(report.summary.regimes)) {
    const button = make("button", { type: "button", "data-regime": name, title: regime.title }, name);
    button.setAttribute("aria-pressed", String(name === chosen));
    button.addEventListener("click", () => {
      for (const b of group.querySelectorAll("button")) b.setAttribute("aria-pressed", String(b === button));
      choose(name);
    });
    group.append(button);
  }
  return group;
}

/** The figures of one regime, in the words of the page and with the number itself beside. */
export function figures(report: Report, name: string): HTMLElement[] {
  return (report.figures[name] ?? []).map((f) =>
    make(
      "div",
      { "data-figure": f.key, "data-value": String(f.value) },
      make("dt", {}, f.label),
      make("dd", {}, f.said),
    ),
  );
}

export function card(site: Site): HTMLElement[] {
  const told: [string, string][] = [];
  if (site.type) told.push(["type", site.type]);
  if (isPlace(site)) told.push(["nation", site.owner]);
  else {
    told.push(["owner", site.owner]);
    if (site.operator && site.operator !== site.owner) told.push(["operator", site.operator]);
    told.push(["host", site.domain === "sea" ? "at sea" : site.host || "in orbit"]);
  }
  if (site.reach_km > 0 && (site.kind === "radar" || site.kind === "battery")) {
    told.push(["reach", `${grouped(site.reach_km)} km`]);
  }
  if (site.population > 0) told.push(["people", grouped(site.population)]);
  const list = make("dl");
  for (const [k, v] of told) list.append(make("dt", {}, k), make("dd", {}, v));
  return [make("strong", {}, site.name), make("span", { class: "kind" }, KINDS[symbolOf(site)] ?? site.kind), list];
}

function picture(kind: string): HTMLImageElement {
  return make("img", { src: symbolAddress(kind, palette()), alt: "", class: "symbol", "data-symbol": kind });
}

/** Give the symbols outside the globe the colours of the style sheet. */
export function dressPictures(root: HTMLElement): void {
  const p = palette();
  for (const image of root.querySelectorAll<HTMLImageElement>("img[data-symbol]")) {
    image.src = symbolAddress(image.dataset["symbol"] ?? "", p);
  }
}

export function legend(report: Report): HTMLElement {
  const list = make("ul", { class: "key" });
  const add = (mark: Node, words: string): void => void list.append(make("li", {}, mark, words));
  const has = (kind: Site["kind"]): boolean => report.sites.some((s) => s.kind === kind);
  const dashes: Record<string, string> = { demonstrated: "", assessed: "7 4", hypothetical: "4 3" };
  for (const status of new Set(report.flights.map((f) => f.status))) {
    const line = shape("line", { x1: 0, x2: 22, y1: 8, y2: 8, class: "threat-line", "stroke-dasharray": dashes[status] ?? "" });
    add(icon(line), `missile, ${status} class`);
  }
  if (has("radar")) add(picture("radar"), "radar and its sector");
  const shown = new Set(report.sites.map(symbolOf));
  if (shown.has("battery")) add(picture("battery"), "battery and its reach");
  if (shown.has("ship")) add(picture("ship"), "ship with interceptors and its reach");
  if (has("satellite")) add(picture("satellite"), "infrared satellite");
  if (has("aircraft")) add(picture("aircraft"), "aircraft with an infrared sensor");
  add(icon(shape("circle", { cx: 11, cy: 8, r: 6, class: "place-dot" })), "city, by population");
  if (has("base")) add(icon(shape("rect", { x: 7, y: 4, width: 8, height: 8, class: "place-dot" })), "base");
  add(icon(shape("line", { x1: 0, x2: 22, y1: 8, y2: 8, class: "friend-line" })), "round, drawn without its real curve");
  add(icon(shape("path", { d: "M6 3l10 10M6 13l10-10", class: "friend-line" })), "missile killed");
  add(icon(shape("circle", { cx: 11, cy: 8, r: 4, class: "miss-ring" })), "round missed");
  add(icon(shape("path", { d: "M11 0l2 5 5-1.500-3 4.500 3 4.500-5-1.500-2 5-2-5-5 1.500 3-4.500-3-4.500 5 1.500z", class: "impact" })), "missile came down");
  return list;
}

/** Every site as a button: what the keyboard and a screen reader have in place of pointing. */
export function siteList(report: Report, choose: (site: Site) => void): HTMLElement {
  const list = make("ul", { class: "sites" });
  for (const site of report.sites) {
    const mark = isPlace(site) ? "" : picture(symbolOf(site));
    const button = make("button", { type: "button" }, mark, make("span", {}, site.name));
    button.append(make("span", { class: "kind" }, `${symbolOf(site)}, ${site.owner}`));
    button.addEventListener("click", () => choose(site));
    list.append(make("li", {}, button));
  }
  return make("details", { class: "all-sites" }, make("summary", {}, `All ${report.sites.length} sensors, batteries and places`), list);
}
