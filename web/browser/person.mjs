// What every trial of a page shares: a server started and stopped, a browser that asks nobody else, and problems
// kept until the end.
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const FLAGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
export const VIEWS = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const split = process.argv.indexOf("--");
/** What stands before `--` on the command line, and the server's command behind it. */
export const given = process.argv.slice(2, split);
const command = process.argv.slice(split + 1);

export const problems = [];
export const due = (holds, words) => {
  if (!holds) problems.push(words);
  return holds;
};

/** The server; `found(said)` gives its address or links once what it said holds them. */
export function served(found) {
  const child = spawn(command[0], command.slice(1), { stdio: ["ignore", "pipe", "pipe"] });
  let [said, wrong] = ["", ""];
  child.stderr.on("data", (d) => (wrong += d));
  const ended = new Promise((told) => child.on("exit", (code) => told(code)));
  const home = new Promise((told, failed) => {
    child.stdout.on("data", (d) => {
      said += d;
      const links = found(said);
      if (links) told(links);
    });
    child.on("exit", () => failed(new Error(`the server ended before it said where it is:\n${said}${wrong}`)));
  });
  return { child, home, ended, said: () => said + wrong };
}

/** The address of a server that has one, without a token. */
export const address = (said) => said.match(/http:\/\/127\.0\.0\.1:\d+/)?.[0];

export const browse = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });

/** Note what the page's console says and whom it asks: anything but `home` is a problem. */
export async function watched(page, who, home, harmless = () => false) {
  page.on("console", (m) => {
    const quiet = m.text().includes("GPU stall due to ReadPixels") || harmless(m.text());
    if (["error", "warning"].includes(m.type()) && !quiet) problems.push(`${who}: the console says: ${m.text()}`);
  });
  page.on("pageerror", (e) => problems.push(`${who}: the script failed: ${e.message}`));
  await page.route("**/*", (route) => {
    const url = route.request().url();
    if (url.startsWith(home) || url.startsWith("data:") || url.startsWith("blob:")) return route.continue();
    problems.push(`${who}: the page asks for ${url}`);
    return route.abort();
  });
  return page;
}

export async function keep(page, folder, name) {
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** The page fits its window, and every control has a name. */
export async function fits(page, who) {
  const wide = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  due(wide[0] <= wide[1], `${who}: the page is ${wide[0]} px wide in a window of ${wide[1]} px`);
  const nameless = await page.$$eval(":is(button, input, select, progress)", (all) => all.filter((e) => !e.closest("[hidden]") &&
    !(e.getAttribute("aria-label") || e.textContent.trim() || e.closest("label"))).length);
  due(nameless === 0, `${who}: ${nameless} controls without a name`);
}

/** The server's end is due within a minute of being interrupted. */
export async function endedWell(server) {
  const code = await Promise.race([server.ended, new Promise((told) => setTimeout(() => told("never"), 60_000))]);
  due(code === 0 || code === 130, `the server ended with ${code}: ${server.said().slice(-2000)}`);
}

export function verdict(what) {
  for (const problem of problems) console.error(problem);
  console.log(`${what}: ${problems.length ? "wrong" : "good"}`);
  process.exit(problems.length ? 1 : 0);
}
