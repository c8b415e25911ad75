/** A form of one kind at a time: the kind is chosen first, and its fields stand below it. */
import { make } from "../parts";
import type { Held } from "./patch";

export interface Field<C> {
  key: string;
  label: string;
  /** A choice among these, a number of seconds, or yes and no. */
  choose?: (context: C, chosen: Held) => readonly (readonly [string, string])[];
  seconds?: number;
  /** The least number of seconds, where that is not 1; the most, where that is not an hour. */
  limits?: readonly [number, number];
  flag?: readonly [string, string];
}

export interface Kind<C> {
  type: string;
  words: string;
  fields: Field<C>[];
  /** What is said of what stands in the fields, where that is something else. */
  made?: (what: Held) => Held;
}

export class Fields<C> {
  readonly form = make("form", { class: "inject" });
  private readonly kind: HTMLSelectElement;
  private readonly fields = make("div", { class: "fields" });
  private readonly button: HTMLButtonElement;
  private shown = "";

  constructor(
    private readonly kinds: readonly Kind<C>[],
    name: string,
    button: string,
    private readonly context: () => C,
    submit: (what: Held) => void,
    private readonly changed: (what: Held) => void = () => undefined,
  ) {
    this.kind = make("select", { "aria-label": name });
    this.button = make("button", { type: "submit" }, button);
    this.form.append(this.kind, this.fields, this.button);
    this.kind.addEventListener("change", () => this.lay());
    this.fields.addEventListener("input", (e) => {
      this.follow(e.target as HTMLElement);
      this.changed(this.told());
    });
    this.form.addEventListener("submit", (e) => {
      e.preventDefault();
      submit(this.told());
    });
  }

  /** Which kinds may be chosen now. */
  offer(types: readonly string[]): void {
    const offered = this.kinds.filter((k) => types.includes(k.type));
    const key = offered.map((k) => k.type).join();
    if (key === this.shown) return;
    this.shown = key;
    const before = this.kind.value;
    this.kind.replaceChildren(...offered.map((k) => make("option", { value: k.type }, k.words)));
    if (offered.some((k) => k.type === before)) this.kind.value = before;
    this.lay();
  }

  get type(): string {
    return this.kind.value;
  }

  focus(): void {
    this.kind.focus();
  }

  /** Draw the fields of the kind that is chosen. */
  lay(): void {
    const kind = this.kinds.find((k) => k.type === this.kind.value);
    this.fields.replaceChildren();
    for (const f of kind?.fields ?? []) {
      const input = this.input(f);
      input.dataset["key"] = f.key;
      this.fields.append(make("label", {}, make("span", {}, f.label), input));
    }
    this.button.disabled = !kind || [...this.fields.querySelectorAll("select")].some((s) => s.options.length === 0);
    this.changed(this.told());
  }

  /** What stands in the form. */
  told(): Held {
    const kind = this.kinds.find((k) => k.type === this.kind.value);
    const what: Held = { type: kind?.type ?? "" };
    for (const f of kind?.fields ?? []) {
      const value = this.fields.querySelector<HTMLInputElement>(`[data-key="${f.key}"]`)?.value ?? "";
      what[f.key] = f.seconds !== undefined ? Number(value) : f.flag ? value === "true" : value;
    }
    return kind?.made ? kind.made(what) : what;
  }

  private raw(): Held {
    return Object.fromEntries([...this.fields.querySelectorAll<HTMLInputElement>("[data-key]")].map((e) => [e.dataset["key"]!, e.value]));
  }

  /** What may be chosen in a field may hang on another's. */
  private follow(from: HTMLElement): void {
    const kind = this.kinds.find((k) => k.type === this.kind.value);
    for (const f of kind?.fields ?? []) {
      const select = this.fields.querySelector<HTMLSelectElement>(`select[data-key="${f.key}"]`);
      if (!select || select === from || !f.choose) continue;
      const before = select.value;
      const choices = f.choose(this.context(), this.raw());
      if (choices.map(([v]) => v).join() === [...select.options].map((o) => o.value).join()) continue;
      select.replaceChildren(...choices.map(([value, text]) => make("option", { value }, text)));
      if (choices.some(([v]) => v === before)) select.value = before;
    }
    this.button.disabled = [...this.fields.querySelectorAll("select")].some((s) => s.options.length === 0);
  }

  private input(f: Field<C>): HTMLInputElement | HTMLSelectElement {
    if (f.seconds !== undefined) {
      const [least, most] = f.limits ?? [1, 3600];
      return make("input", { type: "number", min: String(least), max: String(most), value: String(f.seconds) });
    }
    const choices = f.flag ? f.flag.map((w, i) => [String(i === 0), w] as const) : f.choose!(this.context(), this.raw());
    return make("select", {}, ...choices.map(([value, text]) => make("option", { value }, text)));
  }
}
