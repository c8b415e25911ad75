/** Fields of the case: what is typed is kept as text until the server reads it; what is not as it was is marked. */
import { make } from "../parts";
import type { Fault, Field } from "./data";

const CHOICES: Record<string, string> = {
  holds: "As in the case",
  from: "Suspended from",
  out: "Left out",
  there: "In place",
  away: "Taken out",
};
const LABELS: Record<string, string> = {
  state: "State",
  from: "from",
  delay_s: "release takes",
  decision_s: "deciding takes",
  latitude_deg: "latitude",
  longitude_deg: "longitude",
  geostationary_longitude_deg: "longitude",
  rounds: "rounds",
  count: "missiles",
};
const UNITS: Record<string, string> = { deg: "°" };

/** A value with its unit: `38.35°`, `10 s`. */
const united = (value: string, unit: string): string => value + (UNITS[unit] ?? (unit ? `\u00a0${unit}` : ""));

interface Held {
  field: Field;
  of: string;
  box: HTMLElement;
  input: HTMLInputElement | HTMLSelectElement;
  was: HTMLElement;
  fault: HTMLElement;
}

export class Fields {
  private readonly held = new Map<string, Held>();

  constructor(
    private readonly told: Map<string, string>,
    private readonly changed: () => void,
  ) {}

  /** The element of a field; `of` names the row for who cannot see it. */
  element(field: Field, of: string): HTMLElement {
    const label = LABELS[field.key] ?? field.key;
    const id = field.id;
    const about = { id, "aria-label": `${of}: ${label}${field.unit ? `, ${field.unit}` : ""}`, "aria-describedby": `${id}-was ${id}-fault` };
    const input =
      field.kind === "choice"
        ? make("select", about, ...field.choices.map((c) => make("option", { value: c }, CHOICES[c] ?? c)))
        : make("input", { ...about, type: field.kind === "date" ? "date" : "text", autocomplete: "off", spellcheck: "false",
          ...(field.kind === "date" ? {} : { inputmode: field.kind === "whole" ? "numeric" : "decimal" }) });
    input.value = this.told.get(id) ?? field.was;
    const was = make("small", { class: "was", id: `${id}-was` });
    const fault = make("small", { class: "fault", id: `${id}-fault` });
    const unit = UNITS[field.unit] ?? field.unit;
    const box = make("span", { class: `field ${field.kind}`, "data-key": field.key },
      ...(field.kind === "choice" || field.kind === "date" ? [] : [make("span", { class: "label", "aria-hidden": "true" }, label)]),
      make("span", { class: "value" }, input, ...(unit ? [make("span", { "aria-hidden": "true" }, unit)] : [])), was, fault);
    this.held.set(id, { field, of, box, input, was, fault });
    input.addEventListener(field.kind === "choice" ? "change" : "input", () => {
      this.set(id, input.value);
      this.changed();
    });
    this.show(id);
    return box;
  }

  private set(id: string, value: string): void {
    const held = this.held.get(id);
    if (!held) return;
    if (value.trim() === held.field.was) this.told.delete(id);
    else this.told.set(id, value);
    held.fault.textContent = "";
    held.input.removeAttribute("aria-invalid");
    this.show(id);
  }

  /** Mark a field that is not as it was, and say how it was. */
  private show(id: string): void {
    const held = this.held.get(id);
    if (!held) return;
    const { field, box, was } = held;
    const differs = this.told.has(id);
    box.toggleAttribute("data-changed", differs);
    was.textContent = differs && field.key !== "from" ? `was ${said(field)}` : "";
    if (field.key === "state") {
      const day = this.held.get(id.replace(/state$/, "from"));
      if (day) day.box.hidden = this.told.get(id) !== "from";
      box.closest("li")?.toggleAttribute("data-out", ["out", "away"].includes(this.told.get(id) ?? field.was));
    }
  }

  /** After all are on the page: what one field says of another. */
  settle(): void {
    for (const id of this.held.keys()) this.show(id);
  }

  /** What is sent: a day only where something is suspended from it. */
  given(): Record<string, string> {
    const found: Record<string, string> = {};
    for (const [id, value] of this.told) {
      const day = id.endsWith("-from");
      if (this.held.has(id) && (!day || this.told.get(id.replace(/from$/, "state")) === "from")) found[id] = value;
    }
    return found;
  }

  /** Every change in words, by field. */
  list(): [string, string][] {
    return Object.entries(this.given()).filter(([id]) => !id.endsWith("-from")).map(([id, value]) => {
      const held = this.held.get(id);
      if (!held) return [id, id];
      const { field, of } = held;
      const day = field.key === "state" && value === "from" ? ` ${this.told.get(id.replace(/state$/, "from")) ?? this.held.get(id.replace(/state$/, "from"))?.field.was ?? ""}` : "";
      const now = field.kind === "choice" ? (CHOICES[value] ?? value).toLowerCase() + day : `${LABELS[field.key] ?? field.key} ${united(value || "(empty)", field.unit)}`;
      return [id, `${of}: ${now}`];
    });
  }

  undo(id: string): void {
    const held = this.held.get(id);
    if (!held) return;
    held.input.value = held.field.was;
    this.set(id, held.field.was);
    this.changed();
  }

  /** Say what is wrong beside each field; what belongs to none is given back. Goes to the first. */
  blame(faults: Fault[]): Fault[] {
    const general = [];
    let first: HTMLElement | null = null;
    for (const f of faults) {
      const held = this.held.get(f.field);
      if (!held) {
        general.push(f);
        continue;
      }
      held.fault.textContent = `${held.fault.textContent ? `${held.fault.textContent} ` : ""}${sentence(f.what)} ${sentence(f.mend)}`;
      held.input.setAttribute("aria-invalid", "true");
      held.box.closest("details")?.setAttribute("open", "");
      first ??= held.input;
    }
    first?.focus();
    return general;
  }

  forgive(): void {
    for (const { fault, input } of this.held.values()) {
      fault.textContent = "";
      input.removeAttribute("aria-invalid");
    }
  }
}

function said(field: Field): string {
  if (field.kind === "choice") return (CHOICES[field.was] ?? field.was).toLowerCase();
  return united(field.was, field.unit);
}

/** First letter large, a stop at the end. */
export function sentence(words: string): string {
  if (!words) return "";
  const told = words[0]?.match(/[a-z]/) && !words.startsWith("`") ? words[0].toUpperCase() + words.slice(1) : words;
  return /[.?!]$/.test(told) ? told : `${told}.`;
}
