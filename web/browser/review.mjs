// The review of a drill, clicked through as a person would; fails on what is wrong.
//
//     node web/browser/review.mjs PICTURES -- COMMAND...
//
// COMMAND plays a record again and serves it (`synaspis replay LOG --serve --port 0`). Nothing may leave this
// machine: a request to anywhere but the server is refused and reported.
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const split = process.argv.indexOf("--");
const [pictures] = process.argv.slice(2, split);
const command = process.argv.slice(split + 1);
const WAIT_MS = 240_000;
const FLAGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

const problems = [];
const due = (holds, words) => {
  if (!holds) problems.push(words);
};

const server = spawn(command[0], command.slice(1), { stdio: ["ignore", "pipe", "pipe"] });
let said = "";
const ended = new Promise((told) => server.on("exit", (code) => told(code)));
const link = new Promise((told, failed) => {
  const look = (d) => {
    said += d;
    const found = said.match(/https?:\/\/\S+\/#\S+/);
    if (found) told(found[0]);
  };
  server.stdout.on("data", look);
  server.stderr.on("data", (d) => (said += d));
  server.on("exit", () => failed(new Error(`the server ended before it gave its link:\n${said}`)));
});

async function opened(context, at) {
  const page = await context.newPage();
  page.on("console", (m) => {
    const harmless = m.text().includes("GPU stall due to ReadPixels");
    if (["error", "warning"].includes(m.type()) && !harmless) problems.push(`the console says: ${m.text()}`);
  });
  page.on("pageerror", (e) => problems.push(`the script failed: ${e.message}`));
  const home = new URL(at).origin;
  await page.route("**/*", (route) => {
    const url = route.request().url();
    if (url.startsWith(home) || url.startsWith("data:") || url.startsWith("blob:")) return route.continue();
    problems.push(`the page asks for ${url}`);
    return route.abort();
  });
  await page.goto(at);
  await page.locator("#replay .transport").waitFor({ timeout: WAIT_MS });
  return page;
}

async function keep(page, name) {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

async function through(page) {
  const clock = page.locator(".transport .clock");
  const first = await clock.textContent();
  await page.locator(".transport input").evaluate((r) => {
    r.value = String(Math.round(Number(r.max) * 0.8));
    r.dispatchEvent(new Event("input"));
  });
  due((await clock.textContent()) !== first, "the slider does not move the clock");
  const picture = () => page.locator(".stage canvas").screenshot().then((b) => b.toString("base64"));
  await page.waitForTimeout(1500);
  const truth = await picture();
  await page.locator(".whose select").selectOption("USA");
  await page.waitForTimeout(1500);
  due((await picture()) !== truth, "a nation's picture looks like the truth alone");
  await keep(page, "review");
  const late = await clock.textContent();
  await page.locator(".decisions rect").first().click();
  due((await clock.textContent()) !== late, "a decision on the time line does not lead to its moment");
  for (const id of ["decisions", "knowledge"]) due((await page.locator(`#${id} tbody tr`).count()) > 0, `the table of ${id} is empty`);
  const text = await page.locator("#replay").textContent();
  due(!/undefined|NaN|\[object/.test(text), "the page says undefined, NaN or an object");
  const wide = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  due(wide[0] <= wide[1], `the page is ${wide[0]} px wide in a window of ${wide[1]} px`);
}

async function whatIf(page) {
  await page.locator(".whatif select").selectOption("national");
  await page.locator(".whatif .go").click();
  await page.locator(".whatif progress").waitFor({ timeout: 20_000 });
  await page.locator(".asides article h3").waitFor({ timeout: WAIT_MS });
  due(/^From T\+.* under national/.test(await page.locator(".asides article h3").textContent()), "the what if does not say what came of it");
  await page.locator(".asides article").scrollIntoViewIfNeeded();
  await keep(page, "what-if");
}

const browser = await chromium.launch({ executablePath, args: FLAGS });
try {
  const at = await link;
  const page = await opened(await browser.newContext({ viewport: { width: 1440, height: 900 } }), at);
  await through(page);
  await whatIf(page);
  const phone = await opened(await browser.newContext({ viewport: { width: 390, height: 844 }, colorScheme: "dark", hasTouch: true }), at);
  const wide = await phone.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  due(wide[0] <= wide[1], `on a phone the page is ${wide[0]} px wide in a window of ${wide[1]} px`);
  await keep(phone, "review-phone");
} catch (e) {
  problems.push(`the review stopped: ${e.message}\n${said.slice(-2000)}`);
} finally {
  await browser.close();
  server.kill("SIGINT");
}
const code = await Promise.race([ended, new Promise((told) => setTimeout(() => told("never"), 60_000))]);
due(code === 0 || code === 130, `the server ended with ${code}: ${said.slice(-2000)}`);
for (const problem of problems) console.error(problem);
console.log(`review of the drill: ${problems.length ? "wrong" : "good"}`);
process.exit(problems.length ? 1 : 0);
