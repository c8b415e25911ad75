/** A moment as people write it. */

/** "3:20", "200", "1:02:03" or "-0:30" as seconds; null where it is no time. */
export function seconds(text: string): number | null {
  const [, sign, rest] = /^(?:T?([+\u2212-]))?(.*)$/i.exec(text.trim()) ?? [];
  const parts = (rest ?? "").split(":");
  if (parts.length > 3 || parts.some((p) => !/^\d+(\.\d+)?$/.test(p))) return null;
  const told = parts.reduce((sum, p) => sum * 60 + Number(p), 0);
  return sign === "-" || sign === "\u2212" ? -told : told;
}
