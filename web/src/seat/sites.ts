/** What stands on a seat's map, as the globe takes it. */
import type { Site } from "../data";
import type { Still, StillBattery, StillSensor } from "./documents";

const BARE = { type: "", operator: "", host: "", facing_deg: 0, sector_deg: 0, reach_km: 0, population: 0 };

/** Above this a sensor is in orbit, and has no place on the map. */
const AIR_KM = 40;

function sensor(name: string, s: StillSensor, owner: string): Site {
  // Of others' infrared sensors no height is told: most are in orbit.
  const kind = s.kind === "radar" ? "radar" : (s.height_km ?? Infinity) < AIR_KM ? "aircraft" : "satellite";
  return {
    ...BARE,
    name,
    kind,
    owner: s.owner ?? owner,
    type: s.type ?? "",
    host: s.host ?? "",
    latitude_deg: kind === "satellite" ? null : (s.lat ?? null),
    longitude_deg: kind === "satellite" ? null : (s.lon ?? null),
    facing_deg: s.facing_deg ?? 0,
    sector_deg: s.sector_deg ?? 0,
    reach_km: s.reach_km ?? 0,
    domain: "land",
  };
}

function battery(name: string, b: StillBattery, owner: string): Site {
  return {
    ...BARE,
    name,
    kind: "battery",
    owner: b.owner ?? owner,
    type: b.type ?? "",
    host: b.host ?? "",
    latitude_deg: b.lat,
    longitude_deg: b.lon,
    reach_km: b.reach_km ?? 0,
    domain: b.domain === "sea" ? "sea" : "land",
  };
}

/** Own sites, others' public ones, the places, and before the raid those where something could be deployed. Others' reach is not drawn: the map stays readable. */
export function sitesOf(still: Still): Site[] {
  const me = still.me ?? "";
  const own = [
    ...Object.entries(still.sensors ?? {}).map(([name, s]) => sensor(name, s, me)),
    ...Object.entries(still.batteries ?? {}).map(([name, b]) => battery(name, b, me)),
  ];
  const others = Object.entries(still.sites ?? {})
    .filter(([, s]) => s.lat != null && s.lon != null)
    .map(([name, s]) =>
      s.kind === "battery"
        ? battery(name, { lat: s.lat!, lon: s.lon!, owner: s.owner, ...(s.domain ? { domain: s.domain } : {}) }, s.owner)
        : sensor(name, { ...s, sector_deg: 0 }, s.owner),
    );
  const places = Object.entries(still.places).map(
    ([name, p]): Site => ({
      ...BARE,
      name,
      kind: p.people > 0 ? "city" : "base",
      owner: p.nation,
      latitude_deg: p.lat,
      longitude_deg: p.lon,
      population: p.people,
      domain: "land",
    }),
  );
  const free = Object.entries(still.choices?.sites ?? {}).map(
    ([name, s]): Site => ({ ...BARE, name, kind: "base", owner: s.host, latitude_deg: s.lat, longitude_deg: s.lon, domain: "land" }),
  );
  return [...own, ...others, ...places, ...free];
}
