/** The observer's seat: what is public, and nothing to decide. */
import { make } from "../parts";
import { type Missile, type ObserverDocument, type Still, allWarned } from "./documents";
import { eventList, warnedList } from "./lists";
import { SeatMap } from "./map";
import type { Page } from "./page";
import { observerFinding } from "./say";
import { Shell } from "./shell";

export function observer(root: HTMLElement, still: Still): Page {
  const shell = new Shell(root, still);
  const map = new SeatMap(still, () => undefined);
  const warned = warnedList();
  const events = eventList();
  shell.body.classList.add("observer");
  shell.body.append(
    make("div", { class: "column middle" }, map.element),
    make("div", { class: "column last" }, warned.element, events.element),
  );
  shell.on("g", "go to the map", () => map.box.focus());
  shell.on("f", "globe or flat map", () => map.toggle());
  return {
    shell,
    map,
    show(told) {
      const doc = told as unknown as ObserverDocument;
      const all = allWarned(doc);
      shell.show(doc.clock, observerFinding(doc), 0);
      warned.show(all, doc.clock.case_s);
      events.show(doc.events);
      map.show({
        now: doc.clock.case_s,
        tracks: {},
        truth: (doc.truth ?? {}) as Record<string, Missile>,
        warned: all,
        impacts: Object.values(doc.impacts ?? {}),
      });
    },
  };
}
