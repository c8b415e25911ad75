import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";
import { SITES, TRACKS, symbols } from "./build/symbols.ts";
import { world } from "./build/world.ts";

/** Modules worked out once, here, so that the page carries their result and not their means. */
function made(): Plugin {
  const makers: Record<string, () => unknown> = {
    "virtual:world": world,
    "virtual:symbols": () => symbols(SITES),
    "virtual:tracks": () => symbols(TRACKS),
  };
  return {
    name: "made",
    resolveId: (id) => (id in makers ? `\0${id}` : null),
    load(id) {
      const make = makers[id.slice(1)];
      return id.startsWith("\0") && make ? `export default ${JSON.stringify(make())};` : null;
    },
  };
}

/** The colours of the reports' own style sheet, and nothing else of it. */
function colours(): Plugin {
  return {
    name: "colours",
    resolveId: (id) => (id === "virtual:colours.css" ? "\0colours.css" : null),
    load(id) {
      if (id !== "\0colours.css") return null;
      const sheet = readFileSync(new URL("../src/synaspis/report/page.css", import.meta.url), "utf8");
      return sheet.slice(0, sheet.indexOf("* {"));
    },
  };
}

/** The pages: where each begins, and whose work it carries; licences ask that this is said wherever it goes. */
const GLOBE = ["three", "milsymbol", "world-atlas"];
const PAGES: Record<string, { entry: string; name: string; carried: string[] }> = {
  report: { entry: "src/main.ts", name: "synaspisReport", carried: GLOBE },
  join: { entry: "src/seat/join.ts", name: "synaspisJoin", carried: [] },
  seat: { entry: "src/seat/main.ts", name: "synaspisSeat", carried: [...GLOBE, "uplot"] },
  edit: { entry: "src/edit/main.ts", name: "synaspisEdit", carried: [] },
  gallery: { entry: "src/gallery/main.ts", name: "synaspisGallery", carried: [] },
  tests: { entry: "tests/pure.ts", name: "synaspisTests", carried: [] },
  replay: { entry: "src/replay/main.ts", name: "synaspisReplay", carried: [...GLOBE, "uplot"] },
};

function licences(carried: string[]): Plugin {
  return {
    name: "licences",
    generateBundle(_, bundle) {
      if (carried.length === 0) return;
      const told = carried.map((name) => {
        const text = readFileSync(new URL(`node_modules/${name}/LICENSE`, import.meta.url), "utf8");
        return `${name}\n\n${text.trim()}\n`;
      });
      for (const part of Object.values(bundle)) {
        if (part.type === "chunk") part.code = `/*!\n${told.join("\n")}*/\n${part.code}`;
      }
    },
  };
}

/** One page a build, by its name as the mode: each is a single classic script. The first empties the folder. */
export default defineConfig(({ mode }) => {
  const page = PAGES[mode === "production" ? "report" : mode];
  if (!page) throw new Error(`no page ${mode}: one of ${Object.keys(PAGES).join(", ")}`);
  const file = mode === "production" ? "report" : mode;
  return {
    plugins: [made(), colours(), licences(page.carried)],
    define: { "process.env.NODE_ENV": '"production"' },
    build: {
      outDir: "../src/synaspis/web_dist",
      emptyOutDir: file === "report",
      target: "es2022",
      cssCodeSplit: false,
      reportCompressedSize: false,
      lib: {
        entry: page.entry,
        formats: ["iife"],
        name: page.name,
        fileName: () => `${file}.js`,
        cssFileName: file,
      },
    },
  };
});
