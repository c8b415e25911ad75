/** A raid's missiles and what became of them, drawn over the globe. */
import type { Vector3 } from "three";
import type { SceneEvent } from "./data";
import type { Overlay } from "./overlay";
import { type Missile, type Raid, position, spot } from "./raid";
import type { Stamps } from "./stamps";

const RINGED_S = 30;
/** The radius of a ring when it appears, and how fast it grows, points and points a second. */
const RING_PX = 8;
const RING_PX_PER_S = 0.5;
const MARKED = new Set(["missed", "hit", "landed"]);

interface Mark {
  event: SceneEvent;
  at: Vector3;
  ring: "hit" | "landed" | null;
}

export class RaidMarks {
  private marks: Mark[] = [];
  private played: SceneEvent[] | null = null;

  constructor(private readonly raid: Raid) {}

  draw(over: Overlay, now: number): void {
    const held = over.stamps;
    if (!held) return;
    if (this.played !== this.raid.events) this.take();
    fly(over, held, this.raid.missiles, now);
    for (const { event, at, ring } of this.marks) burst(over, held, at, ring, now - event.time_s);
  }

  /** Take up the marks of this regime's events. */
  private take(): void {
    this.played = this.raid.events;
    this.marks = this.raid.events.flatMap((event): Mark[] => {
      const at = MARKED.has(event.kind) ? spot(event) : null;
      const ring = event.kind === "hit" || event.kind === "landed" ? event.kind : null;
      return at ? [{ event, at, ring }] : [];
    });
  }
}

/** The missiles' heads, each with a line down to the ground below it. */
function fly(over: Overlay, held: Stamps, missiles: Missile[], now: number): void {
  const up = missiles.flatMap((m) => {
    const at = position(m, now);
    const head = at && over.spot(at);
    return head?.seen ? [{ head, foot: over.spot(at!.clone().setLength(1)) }] : [];
  });
  for (const { head, foot } of up) if (foot.seen) over.sprites.along(held.foot, head.x, head.y, foot.x, foot.y);
  for (const { head } of up) over.sprites.middle(held.head, head.x, head.y);
}

/** A hit, a miss or an impact so many seconds ago; for half a minute it is ringed. */
export function burst(over: Overlay, held: Stamps, at: Vector3, ring: "hit" | "landed" | null, age: number): void {
  if (age < 0) return;
  const { x, y, seen } = over.spot(at);
  if (!seen) return;
  over.sprites.middle(ring ? held[ring] : held.missed, x, y);
  if (!ring || age >= RINGED_S) return;
  const drawn = held.rings[ring];
  const size = 2 * (RING_PX + RING_PX_PER_S * age);
  over.sprites.middle(drawn, x, y, size / drawn.width, 1 - age / RINGED_S);
}
