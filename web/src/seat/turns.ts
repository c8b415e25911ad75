/** The turns before the raid, as each seat sees them: a nation negotiates, the director leads, an observer looks on. */
import { make } from "../parts";
import { Cells } from "./cells";
import type { Still, TurnsDocument } from "./documents";
import { eventList } from "./lists";
import { SeatMap } from "./map";
import { Messages } from "./messages";
import type { Page } from "./page";
import type { Held } from "./patch";
import { Propose } from "./propose";
import { Questions } from "./questions";
import { Shell, section } from "./shell";
import { Table } from "./table";
import { TimeBar } from "./timebar";
import { directorTurnFinding, observerTurnFinding, proposed, turnClock, turnFinding, turnFor, unanswered } from "./turnsay";
import type { Outcome } from "./wire";

type Act = (what: Held) => Promise<Outcome>;
const EMPTY = { now: 0, tracks: {}, truth: {}, warned: {}, impacts: [] };

export function turns(root: HTMLElement, still: Still, role: string, act: Act): Page {
  const shell = new Shell(root, still);
  const map = new SeatMap(still, () => undefined);
  shell.on("g", "go to the map", () => map.box.focus());
  shell.on("f", "globe or flat map", () => map.toggle());
  const show = role === "director" ? leads(shell, still, map, act) : role === "observer" ? looksOn(shell, still, map) : negotiates(shell, still, map, act);
  return {
    shell,
    map,
    show(told) {
      show(told as unknown as TurnsDocument);
      map.show(EMPTY);
    },
  };
}

type Show = (doc: TurnsDocument) => void;

function negotiates(shell: Shell, still: Still, map: SeatMap, act: Act): Show {
  const agree = (proposal: string, yes: boolean): Promise<Outcome> => act({ type: "agree", proposal, yes });
  const questions = new Questions(still, agree);
  const messages = new Messages(still, (to, text) => act({ type: "say", to, text }));
  const propose = new Propose(still, act);
  const table = new Table(still, "On the table", "Nothing that binds you is on the table.", (proposal, yes) => {
    void agree(proposal, yes).then((outcome) => !outcome.ok && shell.tell(`Not taken: ${outcome.words}`));
  });
  shell.body.classList.add("nation");
  shell.body.append(
    make("div", { class: "column first" }, questions.element, messages.element),
    make("div", { class: "column middle" }, map.element),
    make("div", { class: "column last" }, propose.element, table.element),
  );
  shell.on("q", "go to the proposal that waits; there Y is yes, N is no, arrows go to the next", () => questions.focus());
  shell.on("p", "put something on the table", () => propose.focus());
  shell.on("m", "write a message", () => messages.focus());
  return (doc) => {
    const waits = doc.turns.over ? [] : unanswered(doc.turns, still.seat);
    const open = Object.fromEntries(waits.map(([id, p]) => [id, proposed(still, p, doc.turns, doc.clock.case_s)]));
    questions.show({ clock: doc.clock, questions: open });
    shell.show(doc.clock, turnFinding(doc, still.seat), waits.length, turnClock(doc.turns, doc.clock.state));
    propose.show(doc.turns);
    table.show(doc.turns);
    messages.show(doc.messages);
  };
}

function leads(shell: Shell, still: Still, map: SeatMap, act: Act): Show {
  const time = new TimeBar(act, (words) => shell.tell(words));
  const cells = new Cells(still, () => undefined, true);
  const messages = new Messages(still, (to, text) => act({ type: "say", to, text }));
  const table = new Table(still, "On the table", "Nothing is on the table yet.");
  const events = eventList();
  const about = make("p", { class: "soft" });
  const end = make("button", { type: "button", class: "end" }, "End the turn");
  const skip = make("button", { type: "button", class: "quiet" }, "Skip to the raid");
  let left = 1;
  const ended = async (times: number): Promise<void> => {
    end.disabled = skip.disabled = true;
    for (let i = 0; i < times; i++) {
      const outcome = await act({ type: "end_turn" });
      if (!outcome.ok) shell.tell(`Not taken: ${outcome.words}`);
    }
    end.disabled = skip.disabled = false;
  };
  end.addEventListener("click", () => void ended(1));
  skip.addEventListener("click", () => void ended(left));
  shell.wide();
  shell.controls.append(time.element);
  shell.body.classList.add("director");
  shell.body.append(
    make("div", { class: "column first" }, cells.element),
    make("div", { class: "column middle" }, map.element),
    make("div", { class: "column last" },
      section("This turn", "turn", about, make("p", { class: "acts" }, end, skip)), table.element, messages.element, events.element),
  );
  shell.on(" ", "start, pause or go on", () => time.toggle());
  shell.on("e", "go to the end of the turn", () => end.focus());
  shell.on("m", "write a message", () => messages.focus());
  return (doc) => {
    const t = doc.turns;
    left = t.of - t.turn + 1;
    shell.show(doc.clock, directorTurnFinding(doc), 0, turnClock(t, doc.clock.state));
    time.show(doc.clock);
    cells.show(doc);
    about.textContent = t.over
      ? doc.clock.state === "running" ? "The raid's part is being opened." : "The raid begins when time runs."
      : `${turnFor(t).replace("you may", "nations may")} When it ends, what all parties said yes to holds.`;
    for (const b of [end, skip]) b.hidden = t.over;
    skip.hidden ||= left < 2;
    table.show(t);
    messages.show(doc.messages);
    events.show(doc.events);
  };
}

function looksOn(shell: Shell, still: Still, map: SeatMap): Show {
  const table = new Table(still, "Public", "What nations agree is theirs to tell. Deployments and warnings to the public stand here when they hold.");
  shell.body.classList.add("observer");
  shell.body.append(make("div", { class: "column middle" }, map.element), make("div", { class: "column last" }, table.element));
  return (doc) => {
    shell.show(doc.clock, observerTurnFinding(doc), 0, turnClock(doc.turns, doc.clock.state));
    table.show(doc.turns);
  };
}
