/** A nation's seat: what waits for its decision first, then what it sees, what it has, and what others say. */
import { make } from "../parts";
import type { NationDocument, Still } from "./documents";
import { batteryList, eventList, sensorList, sharingList, trackCard, trackList, warnedList } from "./lists";
import { SeatMap } from "./map";
import { Messages } from "./messages";
import type { Held } from "./patch";
import { Questions } from "./questions";
import { finding } from "./say";
import type { Page } from "./page";
import { Shell } from "./shell";
import type { Outcome } from "./wire";

export function nation(root: HTMLElement, still: Still, act: (what: Held) => Promise<Outcome>): Page {
  const shell = new Shell(root, still);
  let doc: NationDocument | null = null;
  let chosen = "";
  const tell = async (what: Held): Promise<Outcome> => {
    const outcome = await act(what);
    if (!outcome.ok) shell.tell(`Not taken: ${outcome.words}`);
    return outcome;
  };
  const questions = new Questions(still, (question, yes) => act({ type: "answer", question, yes }));
  const messages = new Messages(still, (to, text) => act({ type: "say", to, text }));
  const choose = (track: string): void => {
    chosen = track;
    if (doc) card();
  };
  const map = new SeatMap(still, choose);
  const tracks = trackList(choose);
  const card = (): void => {
    const t = doc?.tracks?.[chosen];
    tracks.chosen = t ? chosen : "";
    map.choose(t ? chosen : "", t ? trackCard(still, chosen, t, doc!.clock.case_s) : []);
    if (doc) tracks.show(doc);
  };
  const warned = warnedList("No place of yours is warned.");
  const batteries = batteryList(still, (battery, held) => void tell({ type: "hold", battery, held }));
  const parts = [batteries, sensorList(still), sharingList(still)];
  const events = eventList();
  shell.body.classList.add("nation");
  shell.body.append(
    make("div", { class: "column first" }, questions.element, messages.element),
    make("div", { class: "column middle" }, map.element, events.element),
    make("div", { class: "column last" }, warned.element, tracks.element, ...parts.map((p) => p.element)),
  );
  shell.on("q", "go to the decision that waits; there Y is yes, N is no, arrows go to the next", () => questions.focus());
  shell.on("m", "write a message", () => messages.focus());
  shell.on("g", "go to the map", () => map.box.focus());
  shell.on("f", "globe or flat map", () => map.toggle());
  shell.on("Escape", "put the chosen track away", () => choose(""));
  tracks.dress();
  return {
    shell,
    map,
    dress: () => tracks.dress(),
    show(told) {
      doc = told as unknown as NationDocument;
      questions.show(doc);
      shell.show(doc.clock, finding(doc), Object.keys(doc.questions ?? {}).length);
      warned.show(doc.warned ?? {}, doc.clock.case_s);
      for (const p of parts) p.show(doc);
      messages.show(doc.messages);
      events.show(doc.events);
      map.show({
        now: doc.clock.case_s,
        tracks: doc.tracks ?? {},
        truth: {},
        warned: doc.warned ?? {},
        impacts: Object.values(doc.impacts ?? {}),
      });
      card();
    },
  };
}
