/** A seat's map: a globe or a flat map, with what stands on it and what flies over it. */
import { Vector3 } from "three";
import type { Site } from "../data";
import { Earth } from "../earth";
import { Eye, type View } from "../eye";
import { EDGE, FlatEye, flatAbout } from "../flat";
import { Frame } from "../frame";
import { Overlay, boxes } from "../overlay";
import { palette, shade } from "../palette";
import { Ribbons } from "../ribbons";
import { Sectors } from "../sectors";
import { place } from "../sphere";
import type { Impact, Missile, Track } from "./documents";
import { Trails, linesOf } from "./lines";
import { TrackMarks } from "./trackmarks";

export type Lay = "globe" | "flat";

/** What a map shows at a moment. */
export interface Picture {
  now: number;
  tracks: Record<string, Track>;
  truth: Record<string, Missile>;
  warned: Record<string, unknown>;
  impacts: Impact[];
}

interface World {
  lay: typeof place;
  eye: View;
  earth: Earth;
  sectors: Sectors;
}

export class Board extends Frame {
  readonly overlay: Overlay;
  readonly marks = new TrackMarks();
  private readonly reaches = new Ribbons();
  private readonly moving = new Ribbons();
  private readonly trails = new Trails();
  private readonly worlds = new Map<Lay, World>();
  private readonly middle: [number, number];
  private world!: World;
  private picture: Picture = { now: 0, tracks: {}, truth: {}, warned: {}, impacts: [] };
  lay: Lay = "globe";

  constructor(
    box: HTMLElement,
    private readonly sites: Site[],
    first: Lay,
    private readonly more: [lat: number, lon: number][] = [],
    private readonly bare = false,
  ) {
    super(box);
    // A battery's own radar stands where the battery does.
    this.overlay = new Overlay(sites.filter((s) => !s.name.includes("/")), place, (atlas, p, scale) => this.marks.stamp(atlas, p, scale));
    this.middle = middleOf(this.points(place));
    this.scene.add(this.reaches.mesh, this.moving.mesh, this.overlay.sprites.mesh);
    this.reaches.mesh.renderOrder = 9;
    this.turnTo(first);
    this.open();
    this.fit();
  }

  get eye(): View {
    return this.world.eye;
  }

  /** Take the colours of the style sheet. */
  async dress(): Promise<void> {
    const p = palette();
    for (const w of this.worlds.values()) this.dressWorld(w);
    for (const r of [this.reaches, this.moving]) r.dress(shade(p.friend), shade(p.threat));
    await this.marks.dress(p);
    await this.overlay.dress(p);
    this.clear(p);
  }

  /** Show the globe, or the flat map. */
  turnTo(lay: Lay): void {
    const held = this.worlds.get(lay);
    const world = held ?? this.made(lay);
    if (this.world) for (const part of [this.world.earth.group, this.world.sectors.group]) part.visible = false;
    this.worlds.set(lay, world);
    [this.world, this.lay] = [world, lay];
    for (const part of [world.earth.group, world.sectors.group]) part.visible = true;
    this.overlay.relay(world.lay);
    this.reaches.show(world.sectors.outlines);
    world.eye.aspect(this.width / this.height);
    if (!held && this.width > 1) {
      this.dressWorld(world);
      this.fit();
    }
    this.show(this.picture);
  }

  show(picture: Picture): void {
    this.picture = picture;
    const { tracks, truth, now } = picture;
    const flying = Object.fromEntries(Object.entries(truth).map(([name, m]) => [`truth ${name}`, m]));
    this.trails.see({ ...tracks, ...flying }, now);
    this.moving.show(linesOf(this.world.lay, tracks, truth, this.trails, this.marks.chosen));
    this.marks.take(picture, this.world.lay, (name) => this.where(name));
    this.renew();
  }

  choose(track: string): void {
    this.marks.chosen = track;
    this.show(this.picture);
  }

  /** The view that holds everything that stands on the map. */
  fit(): void {
    const { eye, lay } = this.world;
    if (eye instanceof Eye || eye instanceof FlatEye) eye.fit(this.points(lay));
    this.invalidate();
  }

  keepOut(): void {
    this.overlay.keepOut = boxes(this.box, ".zoom, .tip:not([hidden])");
  }

  protected place(): void {
    const { eye, earth } = this.world;
    eye.place();
    earth.cull(eye.camera);
    for (const r of [this.reaches, this.moving]) r.set(0, eye.camera, this.width, this.height, eye.pixel(this.height));
    this.overlay.draw(eye.camera, this.ratio, {
      below: (over) => this.marks.below(over),
      above: (over) => this.marks.above(over),
    });
  }

  protected sized(): void {
    this.overlay.resize(this.width, this.height);
    this.keepOut();
  }

  private made(lay: Lay): World {
    const onto = lay === "globe" ? place : flatAbout(...this.middle);
    const world = {
      lay: onto,
      eye: lay === "globe" ? new Eye() : new FlatEye(),
      earth: lay === "globe" ? new Earth(place, 0, this.bare) : new Earth(onto, EDGE, this.bare),
      sectors: new Sectors(this.sites, onto),
    };
    this.scene.add(world.earth.group, world.sectors.group);
    return world;
  }

  private dressWorld(w: World): void {
    const p = palette();
    w.earth.dress(p);
    w.sectors.dress(shade(p.friend));
  }

  private where(name: string): { lat: number; lon: number } | null {
    const s = this.sites.find((site) => site.name === name);
    return s && s.latitude_deg !== null && s.longitude_deg !== null ? { lat: s.latitude_deg, lon: s.longitude_deg } : null;
  }

  private points(lay: typeof place): Vector3[] {
    const standing = this.sites.flatMap((s) =>
      s.latitude_deg === null || s.longitude_deg === null ? [] : [lay(s.latitude_deg, s.longitude_deg)],
    );
    return [...standing, ...this.more.map(([lat, lon]) => lay(lat, lon))];
  }
}

function middleOf(points: Vector3[]): [number, number] {
  const sum = points.reduce((all, p) => all.add(p), new Vector3());
  if (sum.length() < 1e-6) return [45, 20];
  sum.normalize();
  return [(Math.asin(sum.y) * 180) / Math.PI, (Math.atan2(-sum.z, sum.x) * 180) / Math.PI];
}
