/** The director's seat: time, truth beside every nation's picture, injects, and who sits where. */
import { make } from "../parts";
import { Cells } from "./cells";
import { Chart } from "./chart";
import type { DirectorDocument, Still, Track } from "./documents";
import { Injects } from "./injects";
import { eventList } from "./lists";
import { SeatMap } from "./map";
import { Messages } from "./messages";
import type { Page } from "./page";
import type { Held } from "./patch";
import { directorFinding } from "./say";
import { Shell } from "./shell";
import { TimeBar } from "./timebar";
import type { Outcome } from "./wire";

/** Every nation's tracks have fields that a director does not need; the map draws what there is. */
const BARE = { since_s: 0, own: true, from: [], because: [] };

export function director(root: HTMLElement, still: Still, act: (what: Held) => Promise<Outcome>): Page {
  const shell = new Shell(root, still);
  const time = new TimeBar(act, (words) => shell.tell(words));
  const injects = new Injects(still, act);
  const messages = new Messages(still, (to, text) => act({ type: "say", to, text }));
  const events = eventList();
  const chart = new Chart();
  const map = new SeatMap(still, () => undefined);
  let doc: DirectorDocument | null = null;
  const cells = new Cells(still, (nation) => {
    cells.chosen = nation;
    if (doc) draw(doc);
  });
  const draw = (d: DirectorDocument): void => {
    cells.show(d);
    const seen = d.nations?.[cells.chosen];
    const tracks = Object.fromEntries(Object.entries(seen?.tracks ?? {}).map(([id, t]) => [id, { ...BARE, ...t } as Track]));
    const warned = seen ? (seen.warned ?? {}) : Object.assign({}, ...Object.values(d.nations ?? {}).map((n) => n.warned ?? {}));
    map.show({ now: d.clock.case_s, tracks, truth: d.truth ?? {}, warned, impacts: Object.values(d.impacts ?? {}) });
  };
  shell.wide();
  shell.controls.append(time.element);
  shell.body.classList.add("director");
  shell.body.append(
    make("div", { class: "column first" }, cells.element),
    make("div", { class: "column middle" }, map.element, chart.element),
    make("div", { class: "column last" }, injects.element, messages.element, events.element),
  );
  shell.on(" ", "start, pause or go on", () => time.toggle());
  shell.on("i", "make an inject", () => injects.focus());
  shell.on("m", "write a message", () => messages.focus());
  shell.on("g", "go to the map", () => map.box.focus());
  shell.on("f", "globe or flat map", () => map.toggle());
  return {
    shell,
    map,
    dress: () => chart.draw(),
    show(told) {
      doc = told as unknown as DirectorDocument;
      const waits = Object.values(doc.nations ?? {}).reduce((sum, n) => sum + (n.questions ?? 0), 0);
      shell.show(doc.clock, directorFinding(doc), waits);
      time.show(doc.clock);
      draw(doc);
      chart.show(doc);
      injects.show(doc);
      messages.show(doc.messages);
      events.show(doc.events);
    },
  };
}
