/** What the page of any seat can do. */
import type { SeatMap } from "./map";
import type { Held } from "./patch";
import type { Shell } from "./shell";

export interface Page {
  shell: Shell;
  map: SeatMap;
  /** Show a document, the whole of it. */
  show(doc: Held): void;
  /** Take the colours of the style sheet, where pictures hold them. */
  dress?(): void;
}
