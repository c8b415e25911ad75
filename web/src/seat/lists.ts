/** What a nation has and knows, as lists that follow its document. */
import { make } from "../parts";
import { palette } from "../palette";
import { clock } from "../words";
import { type Level, type NationDocument, type Shared, type Still, type Told, type Track, type Warned, latest } from "./documents";
import { flag, keyed, say } from "./keyed";
import { LEVELS, ahead, count, few, name, people } from "./say";
import { section } from "./shell";
import { trackAddress } from "./trackmarks";

const MOST_TRACKS = 24;
const MOST_EVENTS = 60;

export interface Part {
  element: HTMLElement;
  show(doc: NationDocument): void;
}

function empty(words: string): HTMLElement {
  return make("p", { class: "none" }, words);
}

/** Warned places, the soonest impact first. */
export function warnedList(nothing = "No place is warned.", title = "Warned places"): { element: HTMLElement; show(warned: Record<string, Warned>, now_s: number): void } {
  const list = make("ul", { class: "rows warned" });
  const none = empty(nothing);
  const element = section(title, "warned", none, list);
  return {
    element,
    show(warned, now_s) {
      const rows = Object.entries(warned).sort(([, a], [, b]) => a.impact_s - b.impact_s);
      none.hidden = rows.length > 0;
      keyed(list, rows, () => make("li", {}, make("strong"), make("span", { class: "soft" }), make("b", { class: "count" })),
        (li, w, place) => {
          const past = w.impact_s < now_s;
          say(li.children[0]!, place);
          say(li.children[1]!, `${w.people > 0 ? `${people(w.people)} people, ` : ""}warned ${ahead(w.since_s, now_s)} ago`);
          say(li.children[2]!, past ? `due ${ahead(w.impact_s, now_s)} ago` : `in ${ahead(now_s, w.impact_s)}`);
          flag(li, "data-past", past ? "yes" : null);
        });
    },
  };
}

const BATTERY: Record<string, string> = {
  ready: "ready",
  asking: "asks for leave",
  engaging: "engages",
  held: "held by you",
  empty: "no rounds left",
};

/** Own batteries, each with a button that holds its fire. */
export function batteryList(still: Still, hold: (battery: string, held: boolean) => void): Part {
  const list = make("ul", { class: "rows batteries" });
  const none = empty("You own no battery here.");
  const made = (key: string): HTMLElement => {
    const button = make("button", { type: "button", class: "quiet", "aria-pressed": "false" });
    button.addEventListener("click", () => hold(key, button.getAttribute("aria-pressed") !== "true"));
    return make("li", {}, make("strong", {}, key), make("span", { class: "soft" }), make("b", { class: "count" }), button);
  };
  return {
    element: section("Batteries", "batteries", none, list),
    show(doc) {
      const rows = Object.entries(doc.batteries ?? {});
      none.hidden = rows.length > 0;
      keyed(list, rows, made, (li, b, key) => {
        const type = still.batteries?.[key]?.type;
        const at = b.target === undefined ? "" : ` track ${b.target}`;
        say(li.children[1]!, `${type ? `${type}, ` : ""}${BATTERY[b.state] ?? b.state}${at}`);
        say(li.children[2]!, count(b.rounds, "round"));
        const held = b.state === "held";
        flag(li.children[3]!, "aria-pressed", String(held));
        flag(li.children[3]!, "aria-label", held ? `Let ${key} fire again` : `Hold the fire of ${key}`);
        say(li.children[3]!, held ? "Let go" : "Hold");
        flag(li, "data-state", b.state);
      });
    },
  };
}

export function sensorList(still: Still): Part {
  const list = make("ul", { class: "rows sensors" });
  const none = empty("You own no sensor here.");
  return {
    element: section("Sensors", "sensors", none, list),
    show(doc) {
      const rows = Object.entries(doc.sensors ?? {});
      none.hidden = rows.length > 0;
      keyed(list, rows, (key) => make("li", {}, make("strong", {}, key), make("span", { class: "soft" }), make("b", { class: "count" })),
        (li, s, key) => {
          const type = still.sensors?.[key]?.type;
          say(li.children[1]!, `${type ? `${type}, ` : ""}${s.state === "lost" ? "out of order" : "works"}`);
          say(li.children[2]!, count(s.tracks ?? 0, "track"));
          flag(li, "data-state", s.state);
        });
    },
  };
}

/** The soonest threat first, then the best known. */
export function ranked(tracks: Record<string, Track>): [string, Track][] {
  const due = (t: Track): number => (t.threatens?.length ? (t.impact?.at_s ?? 1e8) : 1e9);
  return Object.entries(tracks).sort(([a, s], [b, t]) => due(s) - due(t) || Number(a) - Number(b));
}

/** What is known of a track, short. */
function line(t: Track, now_s: number): [string, string] {
  const flown = [
    t.height_km === undefined ? "" : `${t.height_km.toFixed(0)} km high`,
    t.speed_mps === undefined ? "" : `${(t.speed_mps / 1000).toFixed(1)} km/s`,
  ];
  const whose = t.own ? "own" : `from ${few(t.from)}`;
  const when = t.impact?.at_s === undefined ? "" : ` in ${ahead(now_s, t.impact.at_s)}`;
  if (!t.threatens?.length) return [LEVELS[t.level], [...flown, whose].filter(Boolean).join(", ")];
  return [`${few(t.threatens)}${when}`, [LEVELS[t.level], ...flown, whose].filter(Boolean).join(", ")];
}

export function trackList(choose: (id: string) => void): Part & { dress(): void; chosen: string } {
  const list = make("ul", { class: "rows tracks" });
  const none = empty("Nothing is in sight.");
  const rest = make("p", { class: "soft" });
  let addresses: Partial<Record<Level, string>> = {};
  const part = {
    element: section("Tracks", "tracks", none, list, rest),
    chosen: "",
    dress: () => {
      const p = palette();
      addresses = Object.fromEntries(Object.keys(LEVELS).map((l) => [l, trackAddress(l as Level, p)]));
    },
    show(doc: NationDocument) {
      const all = ranked(doc.tracks ?? {});
      none.hidden = all.length > 0;
      say(rest, all.length > MOST_TRACKS ? `and ${all.length - MOST_TRACKS} more, on the map` : "");
      keyed(list, all.slice(0, MOST_TRACKS), (id) => {
        const button = make("button", { type: "button" }, make("img", { alt: "", class: "symbol" }), make("strong", {}, id), make("span", { class: "where" }), make("span", { class: "soft" }));
        button.addEventListener("click", () => choose(id));
        return make("li", {}, button);
      }, (li, t, id) => {
        const button = li.firstElementChild!;
        flag(button.children[0]!, "src", addresses[t.level] ?? "");
        const [where, rest_of_it] = line(t, doc.clock.case_s);
        say(button.children[2]!, where);
        say(button.children[3]!, rest_of_it);
        flag(button, "data-threat", t.threatens?.length ? "yes" : null);
        flag(button, "aria-pressed", String(part.chosen === id));
      });
    },
  };
  return part;
}

/** The card of a chosen track. */
export function trackCard(still: Still, id: string, t: Track, now_s: number): HTMLElement[] {
  const rows: [string, string][] = [["known as", LEVELS[t.level]], ["for", ahead(t.since_s, now_s)]];
  if (t.height_km !== undefined) rows.push(["height", `${t.height_km.toFixed(0)} km`]);
  if (t.speed_mps !== undefined) rows.push(["speed", `${(t.speed_mps / 1000).toFixed(2)} km/s`]);
  if (t.course_deg !== undefined) rows.push(["course", `${t.course_deg.toFixed(0)}°`]);
  if (t.sigma_km !== undefined) rows.push(["error, 1 σ", `${t.sigma_km < 10 ? t.sigma_km.toFixed(1) : t.sigma_km.toFixed(0)} km`]);
  if (t.phase) rows.push(["phase", t.phase]);
  if (t.impact) {
    rows.push(["may come down", t.impact.at_s === undefined ? "time unknown" : `in ${ahead(now_s, t.impact.at_s)}`]);
    rows.push(["within, 90 %", `${t.impact.major_km.toFixed(0)} by ${t.impact.minor_km.toFixed(0)} km`]);
  }
  if (t.threatens?.length) rows.push(["threatens", few(t.threatens, 3)]);
  rows.push(["seen by", [...(t.own ? ["you"] : []), ...t.from.map((n) => name(still, n))].join(", ") || "nobody now"]);
  const because = t.because.map((c) => `${c}: ${still.clauses?.[c]?.words ?? ""}`);
  if (because.length) rows.push(["under", few(because, 3)]);
  const list = make("dl");
  for (const [k, v] of rows) list.append(make("dt", {}, k), make("dd", {}, v));
  return [make("strong", {}, `Track ${id}`), list];
}

/** What goes to whom, and comes from whom, and under which clause. */
export function sharingList(still: Still): Part {
  const list = make("ul", { class: "rows sharing" });
  const none = empty("Nothing has been shared yet.");
  const said = (s: Shared | undefined): string =>
    s ? `${s.products.map((p) => p.replaceAll("_", " ")).join(", ")} (${s.clauses.join(", ")})` : "nothing";
  return {
    element: section("Shared", "shared", none, list),
    show(doc) {
      const nations = [...new Set([...Object.keys(doc.had ?? {}), ...Object.keys(doc.given ?? {})])].sort();
      none.hidden = nations.length > 0;
      keyed(list, nations.map((n) => [n, n] as const), (n) => make("li", {}, make("strong", {}, name(still, n)), make("span", { class: "soft" }), make("span", { class: "soft" })),
        (li, n) => {
          say(li.children[1]!, `gives you ${said(doc.had?.[n])}`);
          say(li.children[2]!, `has from you ${said(doc.given?.[n])}`);
        });
    },
  };
}

/** What happened, the latest first, with the clauses that made it so. */
export function eventList(): { element: HTMLElement; show(events: Record<string, Told> | undefined): void } {
  const list = make("ol", { class: "rows events" });
  const none = empty("Nothing has happened yet.");
  let before: unknown;
  return {
    element: section("What happened", "events", none, list),
    show(events) {
      if (events === before) return;
      before = events;
      const rows = latest(events, MOST_EVENTS);
      none.hidden = rows.length > 0;
      keyed(list, rows, () => make("li", {}, make("time"), make("span")), (li, e) => {
        const because = typeof e.because === "string" ? e.because : (e.because ?? []).join(", ");
        say(li.children[0]!, clock(e.at_s));
        const kind = e.kind.replaceAll("_", " ");
        const told = e.text ? `${kind}: ${e.text}` : kind;
        say(li.children[1]!, because ? `${told} (${because})` : told);
        flag(li, "data-kind", e.kind);
      });
    },
  };
}
