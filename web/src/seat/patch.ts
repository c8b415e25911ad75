/** Differences between documents: JSON Merge Patch (RFC 7396, 2014). */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Held = { [key: string]: Json };

function isMap(value: Json | undefined): value is Held {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `patch` applied to `target`. Neither is changed; parts that no key of the patch names are the same objects. */
export function merged(target: Json | undefined, patch: Json): Json {
  if (!isMap(patch)) return patch;
  const made: Held = isMap(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete made[key];
    else made[key] = merged(made[key], value);
  }
  return made;
}

/** True where a patch says nothing. */
export function isEmpty(patch: Json | undefined): boolean {
  return !isMap(patch) || Object.keys(patch).length === 0;
}
