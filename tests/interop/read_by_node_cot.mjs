/**
 * Cursor-on-Target events as @tak-ps/node-cot reads them; by hand, where it is installed:
 *
 *     npm install --ignore-scripts @tak-ps/node-cot@14.23.2
 *     NODE_COT="$PWD" node tests/interop/read_by_node_cot.mjs < tests/golden/cot/samples.json
 *
 * Takes a JSON list of events, each a document; gives what it found in each, and its version.
 */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const folder = `${process.env.NODE_COT ?? "."}/node_modules/@tak-ps/node-cot`;
const { CoTParser } = await import(pathToFileURL(`${folder}/dist/index.js`).href);
const { version } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));

const found = [];
for (const text of JSON.parse(readFileSync(0, "utf8"))) {
  const cot = CoTParser.from_xml(text);
  const { id, geometry, properties } = await CoTParser.to_geojson(cot);
  delete properties.flow; // its own, with the time at which it read
  found.push({
    id, geometry, properties, event: cot.raw.event._attributes, point: cot.raw.event.point._attributes,
    synaspis: cot.raw.event.detail.__synaspis?._attributes ?? {},
  });
}
console.log(JSON.stringify({ program: `@tak-ps/node-cot ${version}`, found }, null, 1));
