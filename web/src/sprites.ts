/** Pictures of the atlas that stand over the globe, flat to the window. All of them are one drawing call. */
import {
  BufferAttribute,
  BufferGeometry,
  CanvasTexture,
  DynamicDrawUsage,
  LinearFilter,
  LinearMipmapNearestFilter,
  Mesh,
  ShaderMaterial,
  Sphere,
} from "three";
import type { Atlas, Sprite } from "./atlas";

const FIRST_ROOM = 256;

const VERTEX = `
attribute vec3 look;  // place on the atlas, strength
varying vec3 vLook;
void main() {
  vLook = look;
  gl_Position = vec4(position.xy, 0.0, 1.0);
}`;
const FRAGMENT = `
uniform sampler2D atlas;
varying vec3 vLook;
void main() { gl_FragColor = texture2D(atlas, vLook.xy) * vLook.z; }`;

export class Sprites {
  readonly mesh: Mesh;
  private readonly material = new ShaderMaterial({
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    transparent: true,
    premultipliedAlpha: true,
    depthTest: false,
    depthWrite: false,
    uniforms: { atlas: { value: null } },
  });
  private room = 0;
  private at = new Float32Array();
  private look = new Float32Array();
  private width = 1;
  private height = 1;
  private pixel = 1;
  count = 0;

  constructor() {
    this.mesh = new Mesh(new BufferGeometry(), this.material);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = 20;
    this.grow(FIRST_ROOM);
  }

  /** Take a newly drawn atlas. */
  dress(atlas: Atlas): void {
    (this.material.uniforms["atlas"]!.value as CanvasTexture | null)?.dispose();
    const texture = new CanvasTexture(atlas.canvas);
    texture.flipY = false;
    texture.premultiplyAlpha = true;
    texture.magFilter = LinearFilter;
    texture.minFilter = LinearMipmapNearestFilter;
    this.material.uniforms["atlas"]!.value = texture;
  }

  /** Begin a frame in a window of this size in points, drawn with `ratio` pixels a point. */
  begin(width: number, height: number, ratio: number): void {
    this.width = width;
    this.height = height;
    this.pixel = 1 / ratio;
    this.count = 0;
  }

  /** With its left upper corner here, on whole pixels: what is not scaled stays sharp. */
  put(s: Sprite, x: number, y: number): void {
    const left = Math.round(x / this.pixel) * this.pixel;
    const top = Math.round(y / this.pixel) * this.pixel;
    const [right, bottom] = [left + s.width, top + s.height];
    this.quad(s, 1, left, top, right, top, right, bottom, left, bottom);
  }

  /** With its middle here. */
  middle(s: Sprite, x: number, y: number, scale = 1, strength = 1): void {
    const [w, h] = [(s.width * scale) / 2, (s.height * scale) / 2];
    this.quad(s, strength, x - w, y - h, x + w, y - h, x + w, y + h, x - w, y + h);
  }

  /** Drawn out from one point to another; never thinner than a pixel. */
  along(s: Sprite, x0: number, y0: number, x1: number, y1: number): void {
    const long = Math.hypot(x1 - x0, y1 - y0);
    if (long < 0.5) return;
    const half = (s.height * Math.max(1, this.pixel)) / 2 / long;
    const [nx, ny] = [(y0 - y1) * half, (x1 - x0) * half];
    this.quad(s, 1, x0 - nx, y0 - ny, x1 - nx, y1 - ny, x1 + nx, y1 + ny, x0 + nx, y0 + ny);
  }

  /** Hand over what was put. */
  end(): void {
    const { geometry } = this.mesh;
    geometry.setDrawRange(0, this.count * 6);
    for (const name of ["position", "look"]) {
      const attribute = geometry.getAttribute(name) as BufferAttribute;
      attribute.clearUpdateRanges();
      attribute.addUpdateRange(0, this.count * 4 * attribute.itemSize);
      attribute.needsUpdate = true;
    }
  }

  /** Four corners in points, clockwise from the picture's left upper one. */
  private quad(s: Sprite, strength: number, ...xy: number[]): void {
    if (this.count === this.room) this.grow(this.room * 2);
    const { left, top, right, bottom } = s;
    const places = [left, top, right, top, right, bottom, left, bottom];
    for (let k = 0; k < 4; k++) {
      const i = this.count * 4 + k;
      this.at[2 * i] = (xy[2 * k]! / this.width) * 2 - 1;
      this.at[2 * i + 1] = 1 - (xy[2 * k + 1]! / this.height) * 2;
      this.look[3 * i] = places[2 * k]!;
      this.look[3 * i + 1] = places[2 * k + 1]!;
      this.look[3 * i + 2] = strength;
    }
    this.count++;
  }

  private grow(room: number): void {
    const [at, look] = [new Float32Array(room * 8), new Float32Array(room * 12)];
    at.set(this.at);
    look.set(this.look);
    [this.at, this.look, this.room] = [at, look, room];
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(at, 2).setUsage(DynamicDrawUsage));
    geometry.setAttribute("look", new BufferAttribute(look, 3).setUsage(DynamicDrawUsage));
    // Clockwise in points is counter-clockwise in the picture's own measure, which points up.
    const corners = Array.from({ length: room }, (_, i) => [0, 3, 2, 0, 2, 1].map((k) => 4 * i + k));
    geometry.setIndex(corners.flat());
    // Flat to the window, so nothing is to be worked out about where in space it lies.
    geometry.boundingSphere = new Sphere();
    this.mesh.geometry.dispose();
    this.mesh.geometry = geometry;
  }
}
