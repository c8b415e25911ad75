import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";
import { symbols } from "./build/symbols.ts";
import { world } from "./build/world.ts";

/** Modules worked out once, here, so that the page carries their result and not their means. */
function made(): Plugin {
  const makers: Record<string, () => unknown> = { "virtual:world": world, "virtual:symbols": symbols };
  return {
    name: "made",
    resolveId: (id) => (id in makers ? `\0${id}` : null),
    load(id) {
      const make = makers[id.slice(1)];
      return id.startsWith("\0") && make ? `export default ${JSON.stringify(make())};` : null;
    },
  };
}

/** Whose work the page carries; their licences ask that this is said wherever it goes. */
const CARRIED = ["three", "milsymbol", "world-atlas"];

function licences(): Plugin {
  return {
    name: "licences",
    generateBundle(_, bundle) {
      const told = CARRIED.map((name) => {
        const text = readFileSync(new URL(`node_modules/${name}/LICENSE`, import.meta.url), "utf8");
        return `${name}\n\n${text.trim()}\n`;
      });
      for (const part of Object.values(bundle)) {
        if (part.type === "chunk") part.code = `/*!\n${told.join("\n")}*/\n${part.code}`;
      }
    },
  };
}

export default defineConfig({
  plugins: [made(), licences()],
  define: { "process.env.NODE_ENV": '"production"' },
  build: {
    outDir: "../src/synaspis/web_dist",
    emptyOutDir: true,
    target: "es2022",
    cssCodeSplit: false,
    reportCompressedSize: false,
    lib: {
      entry: "src/main.ts",
      formats: ["iife"],
      name: "synaspisReport",
      fileName: () => "report.js",
      cssFileName: "report",
    },
  },
});
