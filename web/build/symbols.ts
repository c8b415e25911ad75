/** APP-6 symbols as SVG. Only the few that a page shows are drawn, when it is built. */
import ms from "milsymbol";

/** Symbol identification codes of APP-6D: context reality, identity friend, status present. */
export const SITES = {
  // Land unit, air defence (1301), sector: missile (02).
  battery: "10031000001301020000",
  // Sea surface, combatant, line (1202).
  ship: "10033000001202000000",
  // Land equipment, sensor, radar (2203).
  radar: "10031500002203000000",
  // Space, military satellite, general (1106), with infrared as the second modifier (02).
  satellite: "10030500001106000002",
  // Air, military fixed wing, airborne early warning (110116).
  aircraft: "10030100001101160000",
};

/** Hostile air missiles (02, 110000); an exercise says so on the page, not in each symbol's frame. */
export const TRACKS = { missile: "10060200001100000000" };

export interface SymbolPicture {
  svg: string;
  width: number;
  height: number;
  /** Where the symbol's own middle lies in it, pixels. */
  x: number;
  y: number;
}

export function symbols(codes: Record<string, string>): Record<string, SymbolPicture> {
  const drawn: Record<string, SymbolPicture> = {};
  for (const [kind, code] of Object.entries(codes)) {
    const symbol = new ms.Symbol(code, { size: 60, standard: "APP6", strokeWidth: 5, colorMode: "Light" });
    if (!symbol.isValid()) throw new Error(`no APP-6 symbol ${code} for ${kind}`);
    const { width, height } = symbol.getSize();
    const { x, y } = symbol.getAnchor();
    drawn[kind] = { svg: symbol.asSVG(), width, height, x, y };
  }
  return drawn;
}
