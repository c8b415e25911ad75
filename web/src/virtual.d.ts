declare module "virtual:world" {
  const world: import("../build/world").World;
  export default world;
}
declare module "virtual:symbols" {
  const symbols: Record<string, import("../build/symbols").SymbolPicture>;
  export default symbols;
}
declare module "virtual:tracks" {
  const symbols: Record<string, import("../build/symbols").SymbolPicture>;
  export default symbols;
}
declare module "virtual:colours.css";
declare module "*.css";
