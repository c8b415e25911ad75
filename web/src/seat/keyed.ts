/** Lists that change a few times a second: an element stays with its key, so that focus and pointer stay too. */

const held = new WeakMap<Element, Map<string, HTMLElement>>();

/** Give `box` one element for each item, in their order; returns the keys whose element was made now. */
export function keyed<T>(
  box: HTMLElement,
  items: readonly (readonly [string, T])[],
  made: (key: string) => HTMLElement,
  fill: (element: HTMLElement, item: T, key: string) => void,
): string[] {
  const before = held.get(box) ?? new Map<string, HTMLElement>();
  const after = new Map<string, HTMLElement>();
  const fresh: string[] = [];
  items.forEach(([key, item], i) => {
    let element = before.get(key);
    if (!element) {
      element = made(key);
      fresh.push(key);
    }
    fill(element, item, key);
    after.set(key, element);
    const there = box.children[i];
    if (there !== element) box.insertBefore(element, there ?? null);
  });
  for (const [key, element] of before) if (!after.has(key)) element.remove();
  held.set(box, after);
  return fresh;
}

/** Set text only where it is another: an unchanged page is not laid out again. */
export function say(element: Element | null, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}

export function flag(element: Element, attribute: string, value: string | null): void {
  if (value === null) element.removeAttribute(attribute);
  else if (element.getAttribute(attribute) !== value) element.setAttribute(attribute, value);
}
