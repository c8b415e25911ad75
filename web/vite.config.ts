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

export default defineConfig({
  plugins: [made()],
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
