/** Numbers of the comparison as the reports write them. */

const GAP = "\u00a0";

/** `1.72 M`, `312 k`, `840`. */
export function people(count: number): string {
  const size = Math.abs(count);
  const three = (value: number): string => {
    const held = Math.abs(value);
    return value.toFixed(held < 9.995 ? 2 : held < 99.95 ? 1 : 0);
  };
  const told = size >= 999_500 ? `${three(count / 1e6)}${GAP}M` : size >= 9_995 ? `${three(count / 1e3)}${GAP}k` : grouped(count);
  return minus(told);
}

function grouped(count: number): string {
  const step = Math.abs(count) >= 1_000 ? 10 : 1;
  return (Math.round(count / step) * step + 0).toLocaleString("en-GB");
}

/** A mean: two decimal places below 1, one below 100. */
export function mean(value: number): string {
  const size = Math.abs(value);
  return minus(size < 0.005 ? "0" : value.toFixed(size < 1 ? 2 : size < 99.95 ? 1 : 0));
}

export function seconds(value: number): string {
  return minus((Math.round(value) + 0).toLocaleString("en-GB"));
}

/** A difference with its sign; what rounds to nothing is 0. */
export function signed(value: number, said: (value: number) => string): string {
  const told = said(value);
  return value > 0 && told !== "0" ? `+${told}` : told;
}

function minus(told: string): string {
  return told.replace("-", "−");
}

/** The nation's name with its code, the code alone where it has none. */
export function nation(code: string, names: Record<string, string>): string {
  return names[code] && names[code] !== code ? names[code] : code;
}

export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}

/** `a, b and c`. */
export function listed(words: string[]): string {
  return words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : (words[0] ?? "");
}
