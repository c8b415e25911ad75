/** The Earth: sea, land, shores and borders. Flat colours, so that a computer without GPU keeps up. */
import {
  BufferAttribute,
  BufferGeometry,
  type Camera,
  CircleGeometry,
  Color,
  FrontSide,
  Frustum,
  Group,
  LineSegments,
  Matrix4,
  Mesh,
  type Object3D,
  ShaderMaterial,
  Sphere,
  Vector3,
} from "three";
import packed from "virtual:world";
import { type Palette, shade } from "./palette";
import { place } from "./sphere";

type Place = typeof place;

/** Side of a block, rad: what is out of sight is left out block by block. */
const BLOCK = Math.PI / 9;
/** No side of a triangle is as long, on the globe or near the middle of a flat map. */
const TORN = 0.5;
/** Between the lines of a bare map, and between the points of one. */
const GRID_DEG = 10;
const GRID_STEP_DEG = 2;

function bytes(text: string): ArrayBuffer {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer;
}

/** Every vertex knows how squarely it faces the eye: shores behind the horizon are not drawn. */
const VERTEX = `
varying float facing;
void main() {
  facing = dot(normalize(position), normalize(cameraPosition - position));
  gl_Position = projectionMatrix * (modelViewMatrix * vec4(position, 1.0));
}`;
/** On a flat map everything faces the eye. */
const FLAT_VERTEX = `
varying float facing;
void main() {
  facing = 1.0;
  gl_Position = projectionMatrix * (modelViewMatrix * vec4(position, 1.0));
}`;
/** The half of the sea in sight, as a cap towards the eye: its edge is the horizon, round at any size. */
const CAP = `
uniform float horizon;
varying float facing;
void main() {
  float angle = position.x * horizon;
  vec3 p = 0.9975 * vec3(sin(angle) * position.y, sin(angle) * position.z, cos(angle));
  vec4 at = modelMatrix * vec4(p, 1.0);
  facing = dot(normalize(at.xyz), normalize(cameraPosition - at.xyz));
  gl_Position = projectionMatrix * (viewMatrix * at);
}`;
const SEA = `
uniform vec3 color;
uniform vec3 rim;
varying float facing;
void main() {
  float edge = 1.0 - clamp(facing, 0.0, 1.0);
  gl_FragColor = vec4(mix(color, rim, edge * edge * edge), 1.0);
}`;
const LINE = `
uniform vec3 color;
uniform float strength;
varying float facing;
void main() {
  if (facing < 0.0) discard;
  gl_FragColor = vec4(color, strength * smoothstep(0.0, 0.12, facing));
}`;

function paint(
  fragmentShader: string,
  more: Record<string, { value: unknown }> = {},
  vertexShader = VERTEX,
): ShaderMaterial {
  return new ShaderMaterial({
    vertexShader,
    fragmentShader,
    uniforms: { color: { value: new Color() }, ...more },
    side: FrontSide,
  });
}

/** A part of the land or of its lines: what is out of sight is left out block by block. */
interface Block {
  index: Uint32Array;
  middle: Vector3;
  radius: number;
  ball: Sphere;
}

/** All blocks of one kind, drawn in one call. */
interface Layer {
  geometry: BufferGeometry;
  blocks: Block[];
  shown: Block[];
}

export class Earth {
  readonly group = new Group();
  private readonly layers: Layer[] = [];
  private readonly sight = new Frustum();
  private readonly sea: ShaderMaterial;
  private readonly ball: Mesh;
  private readonly land: ShaderMaterial;
  private readonly shore: ShaderMaterial;
  private readonly border: ShaderMaterial;

  /**
   * As a globe; or, with another `lay`, flat as far as `edge` from its middle, Earth radii. `bare` has no land, no
   * shores and no borders: meridians and parallels alone.
   */
  constructor(
    lay: Place = place,
    private readonly edge = 0,
    bare = false,
  ) {
    const vertex = edge > 0 ? FLAT_VERTEX : VERTEX;
    const rim = (): { rim: { value: Color } } => ({ rim: { value: new Color() } });
    this.sea = paint(SEA, { ...rim(), horizon: { value: 1 } }, edge > 0 ? vertex : CAP);
    this.land = paint(SEA, rim(), vertex);
    this.shore = paint(LINE, { strength: { value: 1 } }, vertex);
    this.border = paint(LINE, { strength: { value: 0.9 } }, vertex);
    this.ball = new Mesh(edge > 0 ? new CircleGeometry(edge, 180) : capGeometry(), this.sea);
    if (edge > 0) this.sea.depthTest = this.sea.depthWrite = false;
    this.ball.frustumCulled = false;
    this.group.add(this.ball);
    // The land is drawn over the sea; triangles turned away are dropped, which hides the far side.
    for (const m of [this.land, this.shore, this.border]) {
      m.depthTest = false;
      m.depthWrite = false;
    }
    for (const m of [this.shore, this.border]) m.transparent = true;
    if (bare) {
      const { at, index } = graticule(lay);
      this.add(2, at, this.torn(at, index, 2), 2, (g) => new LineSegments(g, this.border));
      return;
    }
    const points = decoded(lay);
    const land = [...new Uint16Array(bytes(packed.triangles))];
    this.add(1, points, this.torn(points, land, 3), 3, (g) => new Mesh(g, this.land));
    for (const [order, text, paint] of [[2, packed.borders, this.border], [3, packed.shores, this.shore]] as const) {
      const { at, index } = lines(text, lay);
      this.add(order, at, this.torn(at, index, 2), 2, (g) => new LineSegments(g, paint));
    }
  }

  /** Turn the sea to the eye, and leave out the blocks behind the horizon and beside the window. */
  cull(camera: Camera): void {
    const eye = camera.position;
    const flat = this.edge > 0;
    const horizon = Math.acos(Math.min(1, 1 / eye.length()));
    if (!flat) this.ball.quaternion.setFromUnitVectors(new Vector3(0, 0, 1), eye.clone().normalize());
    this.sea.uniforms["horizon"]!.value = horizon;
    this.sight.setFromProjectionMatrix(
      new Matrix4().multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse),
    );
    for (const layer of this.layers) {
      const seen = layer.blocks.filter(
        ({ middle, radius, ball }) =>
          (flat || middle.angleTo(eye) < horizon + radius) && this.sight.intersectsSphere(ball),
      );
      show(layer, seen);
    }
  }

  /** Without what a flat map would tear: what lies beyond its edge, or is drawn out across it. */
  private torn(points: Float32Array, index: number[], corners: number): number[] {
    const { edge } = this;
    if (edge <= 0) return index;
    const whole: number[] = [];
    for (let i = 0; i < index.length; i += corners) {
      const part = index.slice(i, i + corners);
      const [x, y] = [points[3 * part[0]!]!, points[3 * part[0]! + 1]!];
      const near = part.every((k) => Math.hypot(points[3 * k]!, points[3 * k + 1]!) <= edge);
      const small = part.every((k) => Math.hypot(points[3 * k]! - x, points[3 * k + 1]! - y) < TORN);
      if (near && small) whole.push(...part);
    }
    return whole;
  }

  private add(
    order: number,
    points: Float32Array,
    index: number[],
    corners: number,
    make: (geometry: BufferGeometry) => Object3D,
  ): void {
    const held = blocks(points, index, corners, this.edge > 0).map((inside): Block => {
      const ends = inside.map((i) => new Vector3().fromArray(points, 3 * i));
      const ball = new Sphere().setFromPoints(ends);
      const middle = ball.center.clone().normalize();
      return { index: Uint32Array.from(inside), middle, radius: Math.max(...ends.map((p) => middle.angleTo(p))), ball };
    });
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new BufferAttribute(points, 3));
    geometry.setIndex(new BufferAttribute(new Uint32Array(index.length), 1));
    const part = make(geometry);
    part.renderOrder = order;
    part.frustumCulled = false;
    this.layers.push({ geometry, blocks: held, shown: [] });
    this.group.add(part);
  }

  dress(p: Palette): void {
    const set = (m: ShaderMaterial, color: string, rim?: string): void => {
      m.uniforms["color"]!.value = shade(color);
      if (rim !== undefined) m.uniforms["rim"]!.value = shade(rim);
    };
    set(this.sea, p.sea, p.limb);
    set(this.land, p.land, p.limb);
    set(this.shore, p.shore);
    set(this.border, p.border);
  }
}

/** Only the blocks in sight, one after the other: a drawing call for each block cost more than what it draws. */
function show(layer: Layer, seen: Block[]): void {
  if (seen.length === layer.shown.length && seen.every((b, i) => b === layer.shown[i])) return;
  layer.shown = seen;
  const index = layer.geometry.index!;
  let count = 0;
  for (const block of seen) {
    (index.array as Uint32Array).set(block.index, count);
    count += block.index.length;
  }
  index.needsUpdate = true;
  layer.geometry.setDrawRange(0, count);
}

/** Rings about the axis; a point is (share of the way to the horizon, cosine, sine). */
function capGeometry(rings = 8, steps = 144): BufferGeometry {
  const at: number[] = [];
  const index: number[] = [];
  for (let r = 0; r <= rings; r++) {
    for (let i = 0; i <= steps; i++) {
      const turn = (2 * Math.PI * i) / steps;
      at.push(Math.sin((r / rings) * (Math.PI / 2)), Math.cos(turn), Math.sin(turn));
      const k = r * (steps + 1) + i;
      if (r < rings && i < steps) index.push(k, k + steps + 1, k + 1, k + 1, k + steps + 1, k + steps + 2);
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(Float32Array.from(at), 3));
  geometry.setIndex(index);
  return geometry;
}

/** Triangles or lines by the block of the globe in which they begin. */
function blocks(points: Float32Array, index: number[], corners: number, flat: boolean): number[][] {
  const found = new Map<string, number[]>();
  const at = new Vector3();
  for (let i = 0; i < index.length; i += corners) {
    at.fromArray(points, 3 * index[i]!);
    const [north, east] = flat ? [at.y, at.x] : [Math.asin(at.y), Math.atan2(-at.z, at.x)];
    const key = `${Math.floor(north / BLOCK)},${Math.floor(east / BLOCK)}`;
    const held = found.get(key) ?? [];
    found.set(key, held);
    for (let k = 0; k < corners; k++) held.push(index[i + k]!);
  }
  return [...found.values()];
}

function decoded(lay: Place): Float32Array {
  const points = new Int16Array(bytes(packed.points));
  const at = new Float32Array((points.length / 2) * 3);
  for (let i = 0; i < points.length / 2; i++) {
    lay(points[2 * i + 1]! / 100, points[2 * i]! / 100).toArray(at, 3 * i);
  }
  return at;
}

/** Meridians and parallels, but for the poles themselves. */
function graticule(lay: Place): { at: Float32Array; index: number[] } {
  const at: number[] = [];
  const index: number[] = [];
  const line = (many: number, point: (i: number) => [number, number]): void => {
    for (let i = 0; i <= many; i++) {
      const here = at.length / 3;
      at.push(...lay(...point(i)));
      if (i > 0) index.push(here - 1, here);
    }
  };
  for (let lon = -180; lon < 180; lon += GRID_DEG) line(160 / GRID_STEP_DEG, (i) => [GRID_STEP_DEG * i - 80, lon]);
  for (let lat = -80; lat <= 80; lat += GRID_DEG) line(360 / GRID_STEP_DEG, (i) => [lat, GRID_STEP_DEG * i - 180]);
  return { at: Float32Array.from(at), index };
}

function lines(text: string, lay: Place): { at: Float32Array; index: number[] } {
  const numbers = new Int16Array(bytes(text));
  const at: number[] = [];
  const index: number[] = [];
  for (let i = 0; i < numbers.length; ) {
    const count = numbers[i++]!;
    for (let k = 0; k < count; k++, i += 2) {
      const here = at.length / 3;
      at.push(...lay(numbers[i + 1]! / 100, numbers[i]! / 100));
      const apart = k > 0 && Math.abs(numbers[i]! - numbers[i - 2]!) > 1000;
      if (k > 0 && !apart) index.push(here - 1, here);
    }
  }
  return { at: Float32Array.from(at), index };
}
