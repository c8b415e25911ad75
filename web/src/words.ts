/** Numbers in words, for what only the moving picture says. */

/** Time since the first launch. */
export function clock(seconds: number): string {
  const whole = Math.abs(Math.floor(seconds));
  const pad = (n: number): string => String(n).padStart(2, "0");
  return `T${seconds < 0 ? "\u2212" : "+"}${pad(Math.floor(whole / 60))}:${pad(whole % 60)}`;
}

export function grouped(value: number): string {
  return Math.round(value).toLocaleString("en-GB");
}
