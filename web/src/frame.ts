/** A picture drawn when something has changed, and only then: sharp at rest, coarser while slow things move. */
import { Color, Scene, WebGLRenderer } from "three";
import type { View } from "./eye";
import type { Palette } from "./palette";

/** Pixels per point at rest: two of them smooth every edge. */
const SHARP = 2;
/** And while things move, where frames come slowly, or very slowly: without a GPU. */
const COARSE = 0.75;
const COARSEST = 0.5;
/** And where it is shown anew from time to time by itself: readable, and quick enough not to matter. */
const STEADY = 1;
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
/** Somebody moves it until so long after the last movement. */
const MOVED_MS = 1000;
/** Nothing shown anew for so long: it stands. */
const SETTLED_MS = 1200;

export abstract class Frame {
  protected readonly renderer: WebGLRenderer;
  protected readonly scene = new Scene();
  protected width = 1;
  protected height = 1;
  protected ratio = COARSE;
  private due = 0;
  private again = 0;
  private slow = true;
  private verySlow = false;
  private before = -Infinity;
  private moved = -Infinity;
  private gap = 40;
  private rest = 0;
  private dressed = false;
  /** Told after every drawing. */
  drawn: () => void = () => undefined;

  constructor(readonly box: HTMLElement) {
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("webgl2", { antialias: false, alpha: false, powerPreference: "low-power" });
    if (!context) throw new Error("this browser has no WebGL");
    this.renderer = new WebGLRenderer({ canvas, context });
    // Asking whether the shaders compiled would wait for them; the drawing itself shows it.
    this.renderer.debug.checkShaderErrors = false;
    canvas.setAttribute("aria-hidden", "true");
    box.append(canvas);
  }

  abstract readonly eye: View;
  /** Set everything for one drawing. */
  protected abstract place(): void;
  /** Take a new size in points. */
  protected abstract sized(): void;

  /** Watch the size from now on; for the end of a constructor. */
  protected open(): void {
    this.resize();
    new ResizeObserver(() => this.resize()).observe(this.box);
  }

  /** The paper behind the picture; from here on it may be drawn. */
  protected clear(p: Palette): void {
    // three.js turns this one back to sRGB itself.
    this.renderer.setClearColor(new Color(p.paper));
    this.dressed = true;
    this.draw();
  }

  invalidate(): void {
    this.moved = performance.now();
    this.due ||= requestAnimationFrame(() => this.draw());
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

  /** What is shown has changed by itself: no movement that has to look smooth. */
  renew(): void {
    // While it is being moved, that draws it anyway.
    if (performance.now() - this.moved < MOVED_MS) this.due ||= requestAnimationFrame(() => this.draw());
    else this.again ||= requestAnimationFrame(() => this.steady());
  }

  private steady(): void {
    this.again = 0;
    if (!this.dressed) return;
    this.sharpen(this.slow ? STEADY : SHARP);
    this.paint();
    clearTimeout(this.rest);
    if (this.slow) this.rest = window.setTimeout(() => this.settle(), SETTLED_MS);
  }

  /** Nothing has moved for a while: draw once more, sharp. */
  private settle(): void {
    this.sharpen(SHARP);
    this.paint();
  }

  private paint(): void {
    this.place();
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

  /** Frames a second while the picture turns for `seconds`: for measurements. */
  async fps(seconds = 3): Promise<number> {
    const pixel = new Uint8Array(4);
    const gl = this.renderer.getContext();
    const start = performance.now();
    const home = this.eye.kept();
    let frames = 0;
    while (performance.now() - start < seconds * 1000) {
      await new Promise(requestAnimationFrame);
      this.moved = performance.now();
      this.eye.restore(home);
      this.eye.spin(((performance.now() - start) / 1000) * 30);
      this.draw();
      frames++;
    }
    // Reading a pixel back waits until the last frame is really drawn.
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    const rate = (frames * 1000) / (performance.now() - start);
    this.eye.restore(home);
    this.draw();
    return rate;
  }

  private resize(): void {
    const { clientWidth, clientHeight } = this.box;
    if (clientWidth === 0 || clientHeight === 0) return;
    this.width = clientWidth;
    this.height = clientHeight;
    this.renderer.setPixelRatio(this.ratio);
    this.renderer.setSize(this.width, this.height, false);
    this.eye.aspect(this.width / this.height);
    this.sized();
    this.draw();
  }
}
