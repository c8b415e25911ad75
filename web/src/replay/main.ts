/** An exercise again: truth beside each nation's picture at any moment, and what came of each decision. */
import "virtual:colours.css";
import "../globe.css";
import "../seat/base.css";
import "../seat/seat.css";
import "./replay.css";
import { make } from "../parts";
import type { Track } from "../seat/documents";
import { warnedList } from "../seat/lists";
import { SeatMap } from "../seat/map";
import { count, directorFinding } from "../seat/say";
import { section, typing } from "../seat/shell";
import { clock } from "../words";
import { WhatIfAsker, comparedFinding, comparedTable, whatIfCard } from "./beside";
import { type Replay, type WhatIf, read, unfolded } from "./data";
import { decisionTable, knowledgeTable, missedFinding, missedTable } from "./tables";
import { TimeLine } from "./timeline";

const SPEED = 20;
const STEP_MS = 250;

function begin(root: HTMLElement, replay: Replay): void {
  const { still, review } = replay;
  const shown = unfolded(replay.moments);
  const nations = Object.keys(shown[0]?.nations ?? {});
  let [at, nation, playing] = [0, "", 0];
  const map = new SeatMap(still, () => undefined);
  const time = make("output", { class: "clock" });
  const state = make("p", { class: "soft" });
  const slider = make("input", { type: "range", min: "0", max: String(Math.max(0, shown.length - 1)), step: "1", "aria-label": "Moment of the exercise" });
  const play = make("button", { type: "button", class: "go" }, "Play");
  const whose = make("select", { "aria-label": "Whose picture lies over the truth" }, make("option", { value: "" }, "Truth alone"),
    ...nations.map((n) => make("option", { value: n }, `${still.nations[n] ?? n}'s picture`)));
  const warned = warnedList();
  const moment = (case_s: number): number => {
    const after = shown.findIndex((s) => s.case_s > case_s);
    return after < 0 ? shown.length - 1 : Math.max(0, after - 1);
  };
  const line = new TimeLine(review.decisions, still.nations, review.ends_s, (s) => set(moment(s)));
  const asides = make("div", { class: "asides" });
  const add = (w: WhatIf): void => asides.prepend(whatIfCard(w));
  for (const w of replay.what_ifs ?? []) add(w);
  const asker = replay.live ? new WhatIfAsker(replay.regimes ?? {}, review.regime, add) : null;
  const set = (to: number): void => {
    at = Math.max(0, Math.min(shown.length - 1, to));
    const s = shown[at];
    if (!s) return;
    slider.value = String(at);
    slider.setAttribute("aria-valuetext", clock(s.case_s));
    time.textContent = clock(s.case_s);
    state.textContent = directorFinding({ ...s.director, clock: { case_s: s.case_s, state: "running", speed: 1 } });
    line.set(s.case_s);
    asker?.moment(s.case_s);
    const held = s.nations[nation];
    const all = Object.assign({}, ...Object.values(s.nations).map((n) => n.warned ?? {})) as NonNullable<typeof held>["warned"];
    warned.show((nation ? held?.warned : all) ?? {}, s.case_s);
    map.show({
      now: s.case_s,
      tracks: (held?.tracks ?? {}) as Record<string, Track>,
      truth: s.director?.truth ?? {},
      warned: (nation ? held?.warned : all) ?? {},
      impacts: Object.values(s.director?.impacts ?? {}),
    });
  };
  const stop = (): void => {
    clearInterval(playing);
    playing = 0;
    play.textContent = "Play";
  };
  const toggle = (): void => {
    if (playing) {
      stop();
      return;
    }
    if (at >= shown.length - 1) set(0);
    let now = shown[at]?.case_s ?? 0;
    play.textContent = "Pause";
    playing = window.setInterval(() => {
      now += (SPEED * STEP_MS) / 1000;
      if (now >= (shown.at(-1)?.case_s ?? 0)) stop();
      set(moment(now));
    }, STEP_MS);
  };
  play.addEventListener("click", toggle);
  slider.addEventListener("input", () => set(Number(slider.value)));
  whose.addEventListener("change", () => {
    nation = whose.value;
    set(at);
  });
  document.addEventListener("keydown", (e) => {
    if (typing(e.target) || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === " " && !(e.target instanceof HTMLButtonElement)) toggle();
    else if (e.key === "f") map.toggle();
    else return;
    e.preventDefault();
  });
  const ended = Object.values(shown.at(-1)?.director.truth ?? {});
  const of = (state: string): number => ended.filter((m) => m.state === state).length;
  root.classList.add("replay");
  root.replaceChildren(
    make("header", {}, make("p", { class: "over" }, `${review.case}, ${still.regime_title || review.regime} · exercise, played again`),
      make("h1", {}, `${count(ended.length, "missile")}: ${of("down")} shot down, ${of("hit")} came down on target.`)),
    make("div", { class: "columns observer" }, make("div", { class: "column middle" }, map.element),
      make("div", { class: "column last" }, section("At this moment", "moment", make("p", { class: "whose" }, whose), state), warned.element)),
    make("div", { class: "transport" }, play, time, slider),
    line.element,
    ...(asker || asides.childElementCount ? [section("What if", "what-if", ...(asker ? [asker.element] : []), asides)] : []),
    ...(replay.beside ? [section(comparedFinding(replay.beside), "beside", comparedTable(replay.beside))] : []),
    section("Decisions", "decisions", decisionTable(review.decisions, still)),
    section(missedFinding(review), "missed", missedTable(review.missed.chances, still)),
    section("What each nation knew, and could have known", "knowledge", knowledgeTable(review.knowledge, still)),
  );
  set(0);
  void map.open().then(() => requestAnimationFrame(() => performance.mark("synaspis-ready")));
}

const root = document.getElementById("replay");
if (root) {
  read().then((replay) => begin(root, replay), (why: Error) => root.replaceChildren(make("p", { class: "over" }, "Exercise, played again"), make("h1", {}, why.message)));
}
