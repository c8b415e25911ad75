// Open a report in a real browser, use it as a reader would, and fail on what is wrong.
//
//     node web/browser/look.mjs RUN_FOLDER [PICTURES]
//
// Nothing may leave the page: every request but the file itself is refused and reported.
import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const run = resolve(process.argv[2] ?? "");
const pictures = process.argv[3];
const report = pathToFileURL(join(run, "report.html")).href;
const summary = JSON.parse(readFileSync(join(run, "summary.json"), "utf8"));
const SIZES = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const WAIT_MS = 60_000;
const EXPECTED = ["protected_population", "leakers_mean", "p_no_leaker", "warned_people_300"];

const problems = [];
const due = (holds, words) => {
  if (!holds) problems.push(words);
};

function figuresOf(regime) {
  const nations = Object.values(regime.nations);
  return {
    protected_population: regime.protected_population,
    leakers_mean: regime.leakers.mean,
    p_no_leaker: regime.p_no_leaker,
    warned_people_300: nations.reduce((sum, n) => sum + n.warned_people["300"], 0),
  };
}

async function opened(browser, options, withGlobe = true) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.route("**/*", (route) => {
    const url = route.request().url();
    if (url === report || url.startsWith("data:")) return route.continue();
    problems.push(`the page asks for ${url}`);
    return route.abort();
  });
  page.on("console", (m) => {
    if (["error", "warning"].includes(m.type()) && !m.text().includes("GPU stall due to ReadPixels"))
      problems.push(`the console says: ${m.text()}`);
  });
  page.on("pageerror", (e) => problems.push(`the script failed: ${e.message}`));
  await page.goto(report);
  if (withGlobe) {
    await page.waitForFunction(() => performance.getEntriesByName("synaspis-ready").length > 0, null, {
      timeout: WAIT_MS,
    });
  }
  return page;
}

async function checkRegimes(page, where) {
  for (const [name, regime] of Object.entries(summary.regimes)) {
    await page.locator(".switch button", { hasText: new RegExp(`^${name}$`) }).click();
    const shown = await page.$$eval("[data-figure]", (all) =>
      all.map((e) => [e.dataset.figure, e.dataset.value, e.querySelector("dd").textContent]),
    );
    const expected = figuresOf(regime);
    due(shown.map(([k]) => k).join() === EXPECTED.join(), `${where}: figures ${shown.map(([k]) => k)}`);
    for (const [key, value, said] of shown) {
      const right = expected[key];
      due(Math.abs(Number(value) - right) <= 1e-9 * Math.max(1, Math.abs(right)),
        `${where}: ${name} ${key} is ${value}, summary.json has ${right}`);
      due(/\d/.test(said), `${where}: ${name} ${key} says "${said}"`);
    }
    const pressed = await page.locator('.switch button[aria-pressed="true"]').allTextContents();
    due(pressed.join() === name, `${where}: pressed ${pressed}, chosen ${name}`);
  }
}

const said = (page) => page.evaluate(() => ({
  clock: document.querySelector(".clock").textContent,
  ticker: document.querySelector(".ticker").textContent,
  time: window.synaspis.time(),
}));

async function checkTime(page, where) {
  const slider = page.locator('input[type="range"]');
  const most = Number(await slider.getAttribute("max"));
  await slider.fill(String(Math.round(await slider.getAttribute("min"))));
  const start = await said(page);
  await slider.fill(String(Math.round(most * 0.9)));
  const late = await said(page);
  due(start.clock !== late.clock, `${where}: the clock stands at ${start.clock}`);
  const events = await page.evaluate(() => {
    const data = JSON.parse(document.getElementById("synaspis-data").textContent);
    return Object.values(data.scenes).reduce((sum, s) => sum + s.events.length, 0);
  });
  if (events > 0) due(start.ticker !== late.ticker, `${where}: the ticker does not follow the slider`);
  await slider.focus();
  await page.keyboard.press("ArrowLeft");
  const back = await said(page);
  due(back.time === late.time - 5, `${where}: an arrow key moves from ${late.time} to ${back.time}`);
  await page.keyboard.press("Home");
  await page.keyboard.press("Space");
  await page.waitForFunction((t) => window.synaspis.time() > t + 1, (await said(page)).time, { timeout: WAIT_MS });
  await page.keyboard.press("Space");
  const paused = (await said(page)).time;
  await page.waitForTimeout(300);
  due((await said(page)).time === paused, `${where}: space does not pause`);
}

/** A number for what the globe shows: two pictures that differ have two numbers. */
const picture = (page) => page.locator(".stage").screenshot().then((b) => b.toString("base64"));

async function checkGlobe(page, where) {
  const before = await picture(page);
  await page.locator(".stage").focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
  await page.waitForTimeout(600);
  const turned = await picture(page);
  due(before !== turned, `${where}: the arrow keys do not turn the globe`);
  await page.keyboard.press("Home");
  // The frame that the key asked for comes first.
  const standing = await page.evaluate(() => new Promise((told) => {
    requestAnimationFrame(() => requestAnimationFrame(() => told(window.synaspis.drawn())));
  }));
  due(standing > 8, `${where}: ${standing} symbols, dots and names over the globe`);
  due(before.length > 20_000, `${where}: the globe is blank`);
}

async function checkSites(page, where) {
  await page.locator(".all-sites summary").click();
  const names = await page.locator(".sites button").count();
  due(names > 3, `${where}: ${names} sites are listed`);
  await page.locator(".sites button").first().focus();
  await page.keyboard.press("Enter");
  const name = await page.locator(".sites button").first().locator("span").first().textContent();
  const card = await page.locator(".tip").textContent();
  due(card.includes(name), `${where}: the card says "${card}", the site is ${name}`);
  await page.locator(".all-sites summary").click();
}

async function checkPage(page, where) {
  const wide = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  due(wide[0] <= wide[1], `${where}: the page is ${wide[0]} px wide in a window of ${wide[1]} px`);
  due(!(await page.locator(".still").isVisible()), `${where}: the still map shows beside the globe`);
  const nameless = await page.$$eval("#synaspis-globe :is(button, input, select)", (all) =>
    all.filter((e) => !(e.getAttribute("aria-label") || e.textContent.trim())).length);
  due(nameless === 0, `${where}: ${nameless} controls without a name`);
  await page.emulateMedia({ media: "print" });
  due(await page.locator(".still").isVisible(), `${where}: no map on paper`);
  due(!(await page.locator(".stage").isVisible()), `${where}: the globe is printed`);
  await page.emulateMedia({ media: "screen" });
}

async function keep(page, name) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  await page.screenshot({ path: join(pictures, `${name}-whole.png`), fullPage: true });
}

const flags = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

const browser = await chromium.launch({ executablePath, args: flags });
try {
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ["light", "dark"]) {
      const where = `${size} ${colorScheme}`;
      const before = problems.length;
      const page = await opened(browser, { viewport, colorScheme, hasTouch: size === "phone" });
      const ready = await page.evaluate(() => performance.getEntriesByName("synaspis-ready")[0].startTime);
      await keep(page, where.replace(" ", "-"));
      await checkPage(page, where);
      await checkRegimes(page, where);
      await checkTime(page, where);
      await checkGlobe(page, where);
      await checkSites(page, where);
      const fps = size === "wide" && colorScheme === "light" ? await page.evaluate(() => window.synaspis.fps(3)) : 0;
      const told = fps ? `, ${fps.toFixed(1)} frames/s while turning` : "";
      console.log(`globe ${where}: ready after ${Math.round(ready)} ms${told}: ${problems.slice(before).join("; ") || "good"}`);
      await page.context().close();
    }
  }
  const plain = await opened(browser, { viewport: SIZES.wide, javaScriptEnabled: false }, false);
  due(await plain.locator(".still svg").first().isVisible(), "without scripts: no map");
  await plain.context().close();
} finally {
  await browser.close();
}

const flat = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-3d-apis"] });
try {
  const page = await opened(flat, { viewport: SIZES.wide }, false);
  await page.waitForTimeout(500);
  due(await page.locator(".still svg").first().isVisible(), "without WebGL: no map");
  due(!(await page.locator("#synaspis-globe").isVisible()), "without WebGL: an empty globe shows");
} finally {
  await flat.close();
}
console.log(`without scripts, without WebGL: ${problems.some((p) => p.startsWith("without")) ? "wrong" : "good"}`);
for (const problem of problems) console.error(problem);
process.exit(problems.length ? 1 : 0);
