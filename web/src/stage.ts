/** The globe itself: draws when something has changed, and only then. */
import { Color, Scene, WebGLRenderer } from "three";
import type { Report, Site } from "./data";
import { Earth } from "./earth";
import { Eye } from "./eye";
import { Overlay } from "./overlay";
import { palette, shade } from "./palette";
import type { Raid } from "./raid";
import { Ribbons } from "./ribbons";
import { Sectors } from "./sectors";
import { place } from "./sphere";

/** Pixels per point at rest: two of them smooth every edge. */
const SHARP = 2;
/** And while things move, where frames come slowly, or very slowly: without a GPU. */
const COARSE = 0.75;
const COARSEST = 0.5;
/** Frames further apart than this are drawn with fewer pixels while things move, and sharp once they rest. */
const SLOW_MS = 30;
const QUICK_MS = 22;
const VERY_SLOW_MS = 58;
const LESS_SLOW_MS = 36;
/** Still for so long, or for so many frames where those take longer, is at rest. */
const REST_MS = 220;
const REST_FRAMES = 4;
/** Frames further apart than this do not follow one another. */
const APART_MS = 1500;

export class Stage {
  readonly eye = new Eye();
  readonly overlay: Overlay;
  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly earth = new Earth();
  private readonly ribbons = new Ribbons();
  private readonly sectors: Sectors;
  private due = 0;
  private width = 1;
  private height = 1;
  private ratio = COARSE;
  private slow = true;
  private verySlow = false;
  private before = -Infinity;
  private gap = 40;
  private rest = 0;
  private outlines = true;
  private dressed = false;
  now = 0;
  /** Told after every drawing. */
  drawn: () => void = () => undefined;

  constructor(
    readonly box: HTMLElement,
    report: Report,
    private readonly raid: Raid,
  ) {
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("webgl2", { antialias: false, alpha: false, powerPreference: "low-power" });
    if (!context) throw new Error("this browser has no WebGL");
    this.renderer = new WebGLRenderer({ canvas, context });
    // Asking whether the shaders compiled would wait for them; the drawing itself shows it.
    this.renderer.debug.checkShaderErrors = false;
    this.overlay = new Overlay(report.sites);
    this.sectors = new Sectors(report.sites);
    this.scene.add(this.earth.group, this.sectors.group, this.ribbons.mesh, this.overlay.sprites.mesh);
    canvas.setAttribute("aria-hidden", "true");
    box.append(canvas);
    this.resize();
    const sites = report.sites.filter((s) => s.kind !== "satellite" && s.latitude_deg !== null && s.longitude_deg !== null);
    this.eye.fit([
      ...raid.missiles.flatMap((m) => m.points),
      ...sites.map((s) => place(s.latitude_deg!, s.longitude_deg!)),
    ]);
    new ResizeObserver(() => this.resize()).observe(box);
  }

  /** Take the colours of the style sheet. */
  async dress(): Promise<void> {
    const p = palette();
    const friend = shade(p.friend);
    // three.js turns this one back to sRGB itself.
    this.renderer.setClearColor(new Color(p.paper));
    this.earth.dress(p);
    this.sectors.dress(friend);
    this.ribbons.dress(friend, shade(p.threat));
    await this.overlay.dress(p);
    this.dressed = true;
    this.draw();
  }

  /** Take up the regime that the raid now plays. */
  reload(): void {
    this.ribbons.show([...(this.outlines ? this.sectors.outlines : []), ...this.raid.ribbons()]);
    this.invalidate();
  }

  reach(shown: boolean): void {
    this.outlines = shown;
    this.sectors.group.visible = shown;
    this.reload();
  }

  invalidate(): void {
    this.due ||= requestAnimationFrame(() => this.draw());
  }

  show(site: Site | null): void {
    this.overlay.chosen = site;
    this.invalidate();
  }

  pixelHeight(): number {
    return this.height;
  }

  draw(): void {
    cancelAnimationFrame(this.due);
    this.due = 0;
    if (!this.dressed) return;
    this.learn();
    this.sharpen(!this.slow ? SHARP : this.verySlow ? COARSEST : COARSE);
    this.paint();
    clearTimeout(this.rest);
    if (this.slow) this.rest = window.setTimeout(() => this.settle(), Math.max(REST_MS, REST_FRAMES * this.gap));
  }

  /** Nothing has moved for a while: draw once more, sharp. */
  private settle(): void {
    this.sharpen(SHARP);
    this.paint();
  }

  private paint(): void {
    this.eye.place();
    this.earth.cull(this.eye.camera);
    this.ribbons.set(this.now, this.eye.camera, this.width, this.height, this.eye.pixel(this.height));
    this.overlay.draw(this.eye.camera, this.raid, this.now, this.ratio);
    this.renderer.render(this.scene, this.eye.camera);
    this.drawn();
  }

  private sharpen(ratio: number): void {
    if (ratio === this.ratio) return;
    this.ratio = ratio;
    this.renderer.setPixelRatio(ratio);
  }

  /** Learn from the time between frames that follow one another whether this computer keeps up. */
  private learn(): void {
    const now = performance.now();
    const gap = now - this.before;
    this.before = now;
    if (gap > APART_MS) return;
    this.gap += (Math.min(gap, REST_MS) - this.gap) * 0.12;
    if (this.gap > SLOW_MS) this.slow = true;
    else if (this.gap < QUICK_MS) this.slow = false;
    if (this.gap > VERY_SLOW_MS) this.verySlow = true;
    else if (this.gap < LESS_SLOW_MS) this.verySlow = false;
  }

  /** Frames a second while the globe turns for `seconds`: for measurements. */
  async fps(seconds = 3): Promise<number> {
    const pixel = new Uint8Array(4);
    const gl = this.renderer.getContext();
    const start = performance.now();
    const longitude = this.eye.longitude_deg;
    let frames = 0;
    while (performance.now() - start < seconds * 1000) {
      await new Promise(requestAnimationFrame);
      this.eye.look(this.eye.latitude_deg, longitude + ((performance.now() - start) / 1000) * 30);
      this.draw();
      frames++;
    }
    // Reading a pixel back waits until the last frame is really drawn.
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    const rate = (frames * 1000) / (performance.now() - start);
    this.eye.look(this.eye.latitude_deg, longitude);
    this.draw();
    return rate;
  }

  /** Keep names from under the controls that stand over the globe. */
  keepOut(): void {
    const frame = this.box.getBoundingClientRect();
    const over = [...this.box.querySelectorAll(".zoom, .chip")].map((e) => e.getBoundingClientRect());
    this.overlay.keepOut = over.map((r) => [r.left - frame.left, r.top - frame.top, r.right - frame.left, r.bottom - frame.top]);
  }

  private resize(): void {
    const { clientWidth, clientHeight } = this.box;
    if (clientWidth === 0 || clientHeight === 0) return;
    this.width = clientWidth;
    this.height = clientHeight;
    this.renderer.setPixelRatio(this.ratio);
    this.renderer.setSize(this.width, this.height, false);
    this.overlay.resize(this.width, this.height);
    this.keepOut();
    this.eye.camera.aspect = this.width / this.height;
    this.eye.camera.updateProjectionMatrix();
    this.draw();
  }
}
