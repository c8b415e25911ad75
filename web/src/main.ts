/** The moving picture at the top of a report. Without it the page shows the map drawn beforehand. */
import "./globe.css";
import "./report.css";
import { Clockwork } from "./clockwork";
import { type Report, type Site, read } from "./data";
import { hands } from "./hands";
import { card, dressPictures, figures, legend, regimeSwitch, siteList } from "./panel";
import { make } from "./parts";
import { Raid } from "./raid";
import { Stage } from "./stage";

declare global {
  interface Window {
    synaspis?: { ready: boolean; fps: (seconds?: number) => Promise<number>; time: () => number; drawn: () => number };
  }
}

function first(report: Report): string {
  const names = Object.keys(report.summary.regimes);
  const headline = report.summary.difference?.headline;
  return headline && names.includes(headline) ? headline : (names.at(-1) ?? "");
}

/** When most missiles are in the air: the first picture shows the raid, not an empty sky. */
function busiest(raid: Raid): number {
  let [best, most] = [raid.first_s, 0];
  for (let t = raid.first_s; t <= raid.last_s; t += 5) {
    const up = raid.missiles.filter((m) => t >= m.flight.launch_s && t <= m.end_s).length;
    if (up >= most && up > 0) [best, most] = [t, up];
  }
  return best;
}

function chips(report: Report, choose: (site: Site) => void): HTMLElement {
  const above = make("div", { class: "above" });
  const satellites = report.sites.filter((s) => s.kind === "satellite");
  for (const site of satellites) {
    const image = make("img", { src: "data:,", alt: "", class: "symbol", "data-symbol": "satellite" });
    const button = make("button", { type: "button", class: "chip" }, image, site.name);
    button.addEventListener("click", () => choose(site));
    above.append(button);
  }
  if (satellites.length > 0) above.prepend(make("span", { class: "small" }, "in orbit"));
  return above;
}

function zoomButtons(stage: () => Stage): HTMLElement {
  const group = make("div", { class: "zoom" });
  const add = (label: string, sign: string, act: () => void): void => {
    const button = make("button", { type: "button", "aria-label": label, title: label }, sign);
    button.addEventListener("click", () => {
      act();
      stage().invalidate();
    });
    group.append(button);
  };
  add("Closer", "+", () => stage().eye.zoom(0.75));
  add("Further away", "−", () => stage().eye.zoom(1 / 0.75));
  add("The whole raid", "⤢", () => stage().eye.goHome());
  return group;
}

function trialNote(report: Report, name: string): string {
  const scene = report.scenes[name];
  if (!scene) return "This run kept no events; only the flights are shown.";
  const count = report.summary.trials.toLocaleString("en-GB");
  return `The picture plays trial ${scene.trial}: one throw of the dice. The figures hold over all ${count} trials.`;
}

async function begin(report: Report, root: HTMLElement): Promise<void> {
  const raid = new Raid(report.flights, report.sites, Object.values(report.scenes));
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let regime = first(report);
  const box = make("div", {
    class: "stage",
    tabindex: "0",
    role: "application",
    "aria-label": "Globe with the raid. Arrow keys turn it, plus and minus come closer, Home shows all, space plays.",
  });
  const tip = make("div", { class: "tip", role: "status", hidden: true });
  const strip = make("dl", { class: "figures", "aria-live": "polite" });
  const title = make("p", { class: "regime-title" });
  const note = make("p", { class: "small note" });
  let stage!: Stage;
  const time = new Clockwork(raid, (now) => {
    if (!stage) return;
    stage.now = now;
    stage.invalidate();
  }, calm);
  const take = (name: string): void => {
    regime = name;
    title.textContent = report.summary.regimes[name]?.title ?? "";
    strip.replaceChildren(...figures(report, name));
    note.textContent = trialNote(report, name);
    raid.play(report.scenes[name]);
    time.reload();
    stage.reload();
  };
  // What was tapped or chosen from the list stays; what the mouse passes over goes with it.
  let kept: Site | null = null;
  const choose = (site: Site | null, keep = true): void => {
    if (keep) kept = site;
    stage.show(site);
    tip.hidden = site === null;
    if (site) tip.replaceChildren(...card(site));
  };
  const visit = (site: Site): void => {
    if (site.kind !== "satellite" && site.latitude_deg !== null && site.longitude_deg !== null) {
      stage.eye.look(site.latitude_deg, site.longitude_deg);
    }
    choose(site);
    if (box.getBoundingClientRect().top < 0) box.scrollIntoView({ block: "center" });
  };
  root.append(
    make("div", { class: "bar" }, regimeSwitch(report, regime, take), title),
    strip,
    box,
    time.element,
    time.ticker,
    note,
    legend(report),
    siteList(report, visit),
  );
  root.hidden = false;
  stage = new Stage(box, report, raid);
  box.append(zoomButtons(() => stage), chips(report, choose), tip);
  stage.keepOut();
  stage.drawn = () => moveTip(stage, tip);
  hands(stage, (x, y, hover) => {
    const found = stage.overlay.at(x, y, hover ? 2 : 10)[0] ?? null;
    if (!hover) choose(found);
    else if ((found ?? kept) !== stage.overlay.chosen) choose(found ?? kept, false);
    box.style.cursor = found ? "pointer" : "";
  });
  box.addEventListener("keydown", (e) => {
    if (e.target === box && e.key === " ") time.key(e);
    if (e.key === "Escape") choose(null);
  });
  take(regime);
  time.set(busiest(raid));
  const dress = async (): Promise<void> => {
    dressPictures(root);
    await stage.dress();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => void dress());
  await dress();
  window.synaspis = {
    ready: true,
    fps: (seconds) => stage.fps(seconds),
    time: () => time.now,
    drawn: () => stage.overlay.sprites.count,
  };
}

/** Keep the card beside its symbol and inside the globe's frame. */
function moveTip(stage: Stage, tip: HTMLElement): void {
  const site = stage.overlay.chosen;
  if (!site) return;
  const at = stage.overlay.where(site);
  tip.classList.toggle("corner", at === null);
  if (!at) {
    tip.style.transform = "";
    return;
  }
  const wide = stage.box.clientWidth;
  const high = stage.box.clientHeight;
  const x = at.x + 24 + tip.offsetWidth < wide ? at.x + 24 : Math.max(8, at.x - 24 - tip.offsetWidth);
  const y = Math.min(Math.max(8, at.y - tip.offsetHeight / 2), high - tip.offsetHeight - 8);
  tip.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
}

const root = document.getElementById("synaspis-globe");
const report = read();
if (root && report) {
  begin(report, root).then(
    () => {
      document.documentElement.classList.add("with-globe");
      requestAnimationFrame(() => performance.mark("synaspis-ready"));
    },
    (problem: unknown) => {
      // No WebGL, most likely: the map that is there already is the picture.
      root.replaceChildren();
      root.hidden = true;
      root.dataset["problem"] = problem instanceof Error ? problem.message : String(problem);
    },
  );
}
