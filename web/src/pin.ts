/** A small element that stands over the globe. The browser draws it once and then only moves it. */
import { make } from "./parts";

const AWAY = "translate(-999px, -999px)";

export class Pin {
  readonly element: HTMLElement;
  private said = AWAY;

  constructor(kind: string, into: HTMLElement, ...inside: (Node | string)[]) {
    this.element = make("span", { class: kind }, ...inside);
    this.element.style.transform = AWAY;
    into.append(this.element);
  }

  /** Its left upper corner, or its middle where the style sheet says so; whole pixels keep it sharp. */
  at(x: number, y: number, more = ""): void {
    const dots = devicePixelRatio || 1;
    this.say(`translate(${Math.round(x * dots) / dots}px, ${Math.round(y * dots) / dots}px)${more}`);
  }

  away(): void {
    this.say(AWAY);
  }

  size(width: number, height = width): void {
    this.element.style.width = `${width}px`;
    this.element.style.height = `${height}px`;
  }

  private say(transform: string): void {
    if (transform === this.said) return;
    this.said = transform;
    this.element.style.transform = transform;
  }
}
