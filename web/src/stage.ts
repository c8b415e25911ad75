/** The globe of a report. */
import type { Report, Site } from "./data";
import { Earth } from "./earth";
import { Eye } from "./eye";
import { Frame } from "./frame";
import { Overlay, boxes } from "./overlay";
import { palette, shade } from "./palette";
import type { Raid } from "./raid";
import { RaidMarks } from "./raidmarks";
import { Ribbons } from "./ribbons";
import { Sectors } from "./sectors";
import { place } from "./sphere";

export class Stage extends Frame {
  readonly eye = new Eye();
  readonly overlay: Overlay;
  private readonly earth = new Earth();
  private readonly ribbons = new Ribbons();
  private readonly sectors: Sectors;
  private readonly marks: RaidMarks;
  now = 0;

  constructor(
    box: HTMLElement,
    report: Report,
    private readonly raid: Raid,
  ) {
    super(box);
    this.overlay = new Overlay(report.sites);
    this.marks = new RaidMarks(raid);
    this.sectors = new Sectors(report.sites);
    this.scene.add(this.earth.group, this.sectors.group, this.ribbons.mesh, this.overlay.sprites.mesh);
    const sites = report.sites.filter((s) => s.kind !== "satellite" && s.latitude_deg !== null && s.longitude_deg !== null);
    this.open();
    this.eye.fit([
      ...raid.missiles.flatMap((m) => m.points),
      ...sites.map((s) => place(s.latitude_deg!, s.longitude_deg!)),
    ]);
  }

  /** Take the colours of the style sheet. */
  async dress(): Promise<void> {
    const p = palette();
    const friend = shade(p.friend);
    this.earth.dress(p);
    this.sectors.dress(friend);
    this.ribbons.dress(friend, shade(p.threat));
    await this.overlay.dress(p);
    this.clear(p);
  }

  /** Take up the regime that the raid now plays. */
  reload(): void {
    this.ribbons.show([...this.sectors.outlines, ...this.raid.ribbons()]);
    this.invalidate();
  }

  show(site: Site | null): void {
    this.overlay.chosen = site;
    this.invalidate();
  }

  /** Keep names from under the controls that stand over the globe. */
  keepOut(): void {
    this.overlay.keepOut = boxes(this.box, ".zoom, .chip");
  }

  protected place(): void {
    this.eye.place();
    this.earth.cull(this.eye.camera);
    this.ribbons.set(this.now, this.eye.camera, this.width, this.height, this.eye.pixel(this.height));
    this.overlay.draw(this.eye.camera, this.ratio, {
      below: (over) => this.marks.draw(over, this.now),
    });
  }

  protected sized(): void {
    this.overlay.resize(this.width, this.height);
    this.keepOut();
  }
}
