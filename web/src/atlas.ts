/** Small pictures drawn once, side by side, on one canvas that the globe takes as a texture. */

/** Texels per point: as many as the sharpest picture has pixels. */
export const TEXELS = 2;
const WIDTH = 1024;
/** Air around each picture, texels: its neighbours do not shine into its smaller copies. */
const AIR = 6;

/** One picture: its size in points, and where it lies on the canvas as shares of it, downwards. */
export interface Sprite {
  width: number;
  height: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export type Draw = (pen: CanvasRenderingContext2D) => void;

interface Wanted {
  sprite: Sprite;
  draw: Draw;
  x: number;
  y: number;
}

export class Atlas {
  readonly canvas = document.createElement("canvas");
  private readonly wanted: Wanted[] = [];
  private x = AIR;
  private y = AIR;
  private row = 0;

  /** Ask for a picture of this size in points; `draw` has its left upper corner at 0, 0. */
  add(width: number, height: number, draw: Draw): Sprite {
    const [w, h] = [Math.ceil(width * TEXELS), Math.ceil(height * TEXELS)];
    if (this.x + w + AIR > WIDTH) {
      this.x = AIR;
      this.y += this.row + AIR;
      this.row = 0;
    }
    const sprite = { width: w / TEXELS, height: h / TEXELS, left: this.x, top: this.y, right: this.x + w, bottom: this.y + h };
    this.wanted.push({ sprite, draw, x: this.x, y: this.y });
    this.x += w + AIR;
    this.row = Math.max(this.row, h);
    return sprite;
  }

  /** Draw all that was asked for. */
  finish(): void {
    this.canvas.width = WIDTH;
    this.canvas.height = this.y + this.row + AIR;
    const pen = this.canvas.getContext("2d", { willReadFrequently: true })!;
    for (const { sprite, draw, x, y } of this.wanted) {
      pen.save();
      pen.translate(x, y);
      pen.scale(TEXELS, TEXELS);
      pen.beginPath();
      pen.rect(0, 0, sprite.width, sprite.height);
      pen.clip();
      pen.beginPath();
      draw(pen);
      pen.restore();
      sprite.left /= WIDTH;
      sprite.right /= WIDTH;
      sprite.top /= this.canvas.height;
      sprite.bottom /= this.canvas.height;
    }
    this.wanted.length = 0;
  }
}
