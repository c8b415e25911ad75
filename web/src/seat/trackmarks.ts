/** What flies, drawn over the map: APP-6 symbols by how well each is known, with its number; and what came down. */
import pictures from "virtual:tracks";
import type { Vector3 } from "three";
import type { Atlas, Sprite } from "../atlas";
import type { Box, Overlay } from "../overlay";
import type { Palette } from "../palette";
import { burst } from "../raidmarks";
import type { place } from "../sphere";
import type { Impact, Level, Missile, Track } from "./documents";

const SYMBOL_PX = 22;
const DIGIT_PX = 11.5;
const DIGIT_HIGH_PX = 15;
const HALO_PX = 2.5;
/** From the upper edge of a digit's picture to the line it stands on. */
const BASELINE_PX = 11.5;
const NEAR_PX = 14;
const RINGED_S = 30;

/** Solid is what can be shot at, pale what is followed, empty what is only known to come. */
const FILLS: Record<Level, number> = { fire_control_track: 1, track: 0.28, impact_estimate: 0, alert: 0 };
const LEVELS = Object.keys(FILLS) as Level[];

export interface Board {
  tracks: Record<string, Track>;
  truth: Record<string, Missile>;
  warned: Record<string, unknown>;
  impacts: Impact[];
  now: number;
}

interface Mark {
  id: string;
  at: Vector3;
  ground: Vector3;
  sprite: Level | "truth";
  label: string;
}

export class TrackMarks {
  private images = new Map<Level, HTMLImageElement>();
  private stamps = new Map<Level | "truth" | "warned", Sprite>();
  private digits: Sprite[] = [];
  private marks: Mark[] = [];
  private warned: Vector3[] = [];
  private impacts: { at: Vector3; at_s: number }[] = [];
  private spots: { id: string; x: number; y: number }[] = [];
  private now = 0;
  chosen = "";

  /** Take the colours of the style sheet: before the atlas is drawn. */
  async dress(p: Palette): Promise<void> {
    await Promise.all(LEVELS.map(async (level) => {
      const image = new Image();
      image.src = trackAddress(level, p);
      await image.decode();
      this.images.set(level, image);
    }));
  }

  /** Ask the atlas for the pictures. */
  stamp(atlas: Atlas, p: Palette, scale: number): void {
    const { width, height } = pictures["missile"]!;
    const [w, h] = [SYMBOL_PX * scale, (SYMBOL_PX * scale * height) / width];
    for (const level of LEVELS) {
      const image = this.images.get(level);
      this.stamps.set(level, atlas.add(w, h, (pen) => void (image && pen.drawImage(image, 0, 0, w, h))));
    }
    this.stamps.set("truth", atlas.add(9, 9, (pen) => {
      pen.arc(4.5, 4.5, 3.4, 0, 2 * Math.PI);
      pen.fillStyle = p.ink;
      pen.fill();
      pen.strokeStyle = p.panel;
      pen.stroke();
    }));
    this.stamps.set("warned", atlas.add(30, 30, (pen) => {
      pen.arc(15, 15, 12.5, 0, 2 * Math.PI);
      pen.setLineDash([5, 3]);
      pen.lineWidth = 2.4;
      pen.strokeStyle = p.threat;
      pen.stroke();
    }));
    this.digits = [..."0123456789"].map((d) => digit(atlas, d, p));
  }

  /** Take up a new picture on this lay of the Earth. */
  take(board: Board, lay: typeof place, places: (name: string) => { lat: number; lon: number } | null): void {
    this.now = board.now;
    this.marks = [];
    const put = (id: string, sprite: Mark["sprite"], label: string, lat: number, lon: number, km: number): void => {
      this.marks.push({ id, at: lay(lat, lon, km), ground: lay(lat, lon), sprite, label });
    };
    for (const m of Object.values(board.truth)) {
      if (m.state === "flying" && m.lat !== undefined && m.lon !== undefined) put("", "truth", "", m.lat, m.lon, m.height_km ?? 0);
    }
    for (const [id, t] of Object.entries(board.tracks)) {
      if (t.lat !== undefined && t.lon !== undefined) put(id, t.level, id, t.lat, t.lon, t.height_km ?? 0);
      else if (t.impact) put(id, t.level, id, t.impact.lat, t.impact.lon, 0);
    }
    this.warned = Object.keys(board.warned).flatMap((name) => {
      const p = places(name);
      return p ? [lay(p.lat, p.lon)] : [];
    });
    this.impacts = board.impacts.map((i) => ({ at: lay(i.lat, i.lon), at_s: i.at_s }));
  }

  /** Under the symbols: rings of what is warned, and what came down. */
  below(over: Overlay): void {
    const ring = this.stamps.get("warned");
    for (const at of this.warned) {
      const { x, y, seen } = over.spot(at);
      if (ring && seen) over.sprites.middle(ring, x, y);
    }
    const held = over.stamps;
    if (!held) return;
    for (const { at, at_s } of this.impacts) burst(over, held, at, "landed", Math.min(RINGED_S, this.now - at_s));
  }

  /** Over the symbols: what flies. */
  above(over: Overlay): Box[] {
    const held = over.stamps;
    const seen = this.marks.flatMap((m) => {
      const head = over.spot(m.at);
      return head.seen ? [{ m, head, foot: over.spot(m.ground) }] : [];
    });
    this.spots = [];
    if (held) for (const { head, foot } of seen) if (foot.seen) over.sprites.along(held.foot, head.x, head.y, foot.x, foot.y);
    const taken: Box[] = [];
    for (const { m, head } of seen) {
      const sprite = this.stamps.get(m.sprite);
      if (!sprite) continue;
      if (m.id && m.id === this.chosen && held) over.sprites.middle(held.chosen, head.x, head.y);
      over.sprites.middle(sprite, head.x, head.y);
      if (!m.id) continue;
      this.spots.push({ id: m.id, x: head.x, y: head.y });
      const [half, right] = [sprite.width / 2, this.number(over, m.label, head.x + sprite.width / 2 + 1, head.y)];
      taken.push([head.x - half, head.y - half, right, head.y + half]);
    }
    return taken;
  }

  /** The track nearest to a point of the picture, where one is near. */
  at(x: number, y: number): string {
    let [best, away] = ["", NEAR_PX];
    for (const s of this.spots) {
      const d = Math.hypot(s.x - x, s.y - y);
      if (d < away) [best, away] = [s.id, d];
    }
    return best;
  }

  where(id: string): { x: number; y: number } | null {
    return this.spots.find((s) => s.id === id) ?? null;
  }

  /** Digits side by side; returns where they end. */
  private number(over: Overlay, label: string, x: number, y: number): number {
    let left = x;
    for (const c of label) {
      const d = this.digits[c.charCodeAt(0) - 48];
      if (!d) continue;
      over.sprites.put(d, left - HALO_PX, y - DIGIT_HIGH_PX / 2);
      left += d.width - 2 * HALO_PX;
    }
    return left;
  }
}

function digit(atlas: Atlas, text: string, p: Palette): Sprite {
  const ruler = atlas.canvas.getContext("2d", { willReadFrequently: true })!;
  const font = `600 ${DIGIT_PX}px ${p.font}`;
  ruler.font = font;
  return atlas.add(ruler.measureText(text).width + 2 * HALO_PX, DIGIT_HIGH_PX, (pen) => {
    pen.font = font;
    pen.lineJoin = "round";
    pen.lineWidth = HALO_PX;
    pen.strokeStyle = p.panel;
    pen.strokeText(text, HALO_PX, BASELINE_PX);
    pen.fillStyle = p.threat;
    pen.fillText(text, HALO_PX, BASELINE_PX);
  });
}

/** A missile's APP-6 symbol as an address that needs no network; how much it is filled says how well it is known. */
export function trackAddress(level: Level, p: Palette): string {
  const solid = FILLS[level] === 1;
  const fill = FILLS[level] > 0 ? p.threat : p.panel;
  const strength = FILLS[level] > 0 ? FILLS[level] : 0.75;
  const line = solid ? p.panel : p.threat;
  const svg = (pictures["missile"]?.svg ?? "")
    .replaceAll('fill="rgb(255,128,128)" fill-opacity="1"', `fill="${fill}" fill-opacity="${strength}"`)
    .replaceAll("rgb(255,255,128)", line)
    .replaceAll("black", line);
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
