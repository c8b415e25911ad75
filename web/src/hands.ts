/** Mouse, touch and keys on the globe: drag turns it, two fingers or + and - come closer. */
import type { Frame } from "./frame";

const KEY_STEP_PX = 60;

export function hands(stage: Frame, tapped: (x: number, y: number, hover: boolean) => void): void {
  const { box } = stage;
  const fingers = new Map<number, { x: number; y: number }>();
  let travelled = 0;
  let spread = 0;
  const local = (e: PointerEvent): { x: number; y: number } => {
    const frame = box.getBoundingClientRect();
    return { x: e.clientX - frame.left, y: e.clientY - frame.top };
  };
  const apart = (): number => {
    const [a, b] = [...fingers.values()];
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  };
  box.addEventListener("pointerdown", (e) => {
    if ((e.target as Element).closest("button")) return;
    fingers.set(e.pointerId, local(e));
    if (fingers.size === 1) travelled = 0;
    spread = apart();
    box.setPointerCapture(e.pointerId);
  });
  box.addEventListener("pointermove", (e) => {
    const before = fingers.get(e.pointerId);
    const now = local(e);
    if (!before) {
      if (e.pointerType === "mouse") tapped(now.x, now.y, true);
      return;
    }
    fingers.set(e.pointerId, now);
    const share = 1 / fingers.size;
    travelled += Math.hypot(now.x - before.x, now.y - before.y);
    stage.eye.turn((before.x - now.x) * share, (now.y - before.y) * share, stage.pixelHeight());
    const wide = apart();
    if (spread > 0 && wide > 0) stage.eye.zoom(spread / wide);
    spread = wide;
    stage.invalidate();
  });
  const lift = (e: PointerEvent): void => {
    const was = fingers.get(e.pointerId);
    fingers.delete(e.pointerId);
    spread = apart();
    if (was && e.type === "pointerup" && travelled < 6) tapped(was.x, was.y, false);
  };
  box.addEventListener("pointerup", lift);
  box.addEventListener("pointercancel", lift);
  // The wheel scrolls the page, unless the globe has been clicked or Ctrl is held (a pinch).
  box.addEventListener(
    "wheel",
    (e) => {
      if (!e.ctrlKey && document.activeElement !== box) return;
      e.preventDefault();
      stage.eye.zoom(Math.exp(Math.max(-60, Math.min(60, e.deltaY)) * 0.004));
      stage.invalidate();
    },
    { passive: false },
  );
  box.addEventListener("keydown", (e) => {
    if (e.target !== box || e.ctrlKey || e.metaKey || e.altKey) return;
    const steps: Record<string, () => void> = {
      ArrowLeft: () => stage.eye.turn(-KEY_STEP_PX, 0, stage.pixelHeight()),
      ArrowRight: () => stage.eye.turn(KEY_STEP_PX, 0, stage.pixelHeight()),
      ArrowUp: () => stage.eye.turn(0, KEY_STEP_PX, stage.pixelHeight()),
      ArrowDown: () => stage.eye.turn(0, -KEY_STEP_PX, stage.pixelHeight()),
      "+": () => stage.eye.zoom(0.8),
      "=": () => stage.eye.zoom(0.8),
      "-": () => stage.eye.zoom(1.25),
      Home: () => stage.eye.goHome(),
    };
    const step = steps[e.key];
    if (!step) return;
    e.preventDefault();
    step();
    stage.invalidate();
  });
}
