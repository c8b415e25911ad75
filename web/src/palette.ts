/** The style sheet's colours, for what is drawn on a canvas. */
import { Color } from "three";

export interface Palette {
  paper: string;
  panel: string;
  ink: string;
  soft: string;
  friend: string;
  threat: string;
  sea: string;
  land: string;
  shore: string;
  border: string;
  limb: string;
  symbolFill: string;
  font: string;
  dark: boolean;
}

export function palette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    paper: of("paper"),
    panel: of("panel"),
    ink: of("ink"),
    soft: of("soft"),
    friend: of("friend"),
    threat: of("threat"),
    sea: of("sea"),
    land: of("land"),
    shore: of("shore"),
    border: of("border"),
    limb: of("limb"),
    symbolFill: of("symbol-fill"),
    font: getComputedStyle(document.body).fontFamily,
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
  };
}

/** A colour as the shaders take it: its sRGB numbers, not converted. */
export function shade(css: string): Color {
  const color = new Color();
  color.setStyle(css, "");
  return color;
}
