/** Elements of the page. Text is always set as text: names in a case may hold markup. */

type Attributes = Record<string, string | boolean>;

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "");
    else if (value !== false) element.setAttribute(key, value);
  }
  element.append(...inside);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

export function shape(tag: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** A small drawing, 22 by 16. */
export function icon(...inside: SVGElement[]): SVGElement {
  const svg = shape("svg", { viewBox: "0 0 22 16", width: 22, height: 16, "aria-hidden": "true" });
  svg.append(...inside);
  return svg;
}
