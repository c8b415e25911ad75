/** A moment as people write it. */

/** "3:20", "200" or "1:02:03" as seconds; null where it is no time. */
export function seconds(text: string): number | null {
  const parts = text.trim().replace(/^T\+/i, "").split(":");
  if (parts.length > 3 || parts.some((p) => !/^\d+(\.\d+)?$/.test(p))) return null;
  return parts.reduce((sum, p) => sum * 60 + Number(p), 0);
}
