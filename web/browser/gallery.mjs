// The page of all cases as a person uses it: look, run a case, open its report and its editor; fails on what is wrong.
//
//     node web/browser/gallery.mjs [PICTURES] -- COMMAND...
//
// COMMAND serves the gallery (`synaspis serve --port 0`) in a folder without runs.
import { VIEWS, address, browse, due, endedWell, fits, given, keep, problems, served, verdict, watched } from "./person.mjs";

const [pictures] = given;
const WAIT_MS = 120_000;

async function opened(browser, home, view, dark) {
  const context = await browser.newContext({ viewport: VIEWS[view], colorScheme: dark ? "dark" : "light" });
  const page = await watched(await context.newPage(), view, home);
  await page.goto(`${home}/`);
  await page.waitForSelector(".cases li");
  return page;
}

/** Every case has a finding, and a picture once it is scrolled to. */
async function cases(page) {
  const cards = page.locator(".cases > li");
  due((await cards.count()) >= 2, "there are no cases");
  for (const card of await cards.all()) {
    await card.scrollIntoViewIfNeeded();
    const name = await card.getAttribute("id");
    due((await card.locator(".finding").textContent()).length > 40, `${name} has no finding`);
    const picture = await card.locator("img").elementHandle();
    const drawn = page.waitForFunction((i) => i.complete && i.naturalWidth > 100, picture, { timeout: WAIT_MS });
    due(await drawn.then(() => true, () => false), `${name} has no picture`);
  }
}

async function played(page, home) {
  const card = page.locator("#case-first-light");
  await card.locator("button.go").click();
  await card.locator(".links a", { hasText: "Open its report" }).waitFor({ timeout: WAIT_MS });
  due((await page.locator(".runs a").count()) === 1, "the run is not listed");
  await keep(page, pictures, "gallery");
  await card.locator(".links a", { hasText: "Open its report" }).click();
  await page.waitForSelector("#synaspis-globe canvas", { timeout: WAIT_MS });
  await page.locator("nav a", { hasText: "Change this case" }).click();
  await page.waitForSelector(".go");
  due(page.url().startsWith(`${home}/runs/first-light-`), `the editor is at ${page.url()}`);
  await page.locator(".over a", { hasText: "Report" }).click();
  await page.locator("nav a", { hasText: "All cases" }).click();
  await page.waitForSelector(".cases li");
}

async function stopped(page) {
  const card = page.locator("#case-europe");
  await card.locator("button.go").click();
  await card.locator(".about button", { hasText: "Stop" }).click({ timeout: WAIT_MS });
  await card.locator(".about .stopped").waitFor({ timeout: WAIT_MS });
}

const server = served(address);
const browser = await browse();
try {
  const home = await server.home;
  const page = await opened(browser, home, "desk", false);
  await cases(page);
  await fits(page, "desk");
  await played(page, home);
  await stopped(page);
  const phone = await opened(browser, home, "phone", true);
  await fits(phone, "phone");
  await keep(phone, pictures, "gallery-phone");
} catch (e) {
  problems.push(`the gallery stopped: ${e.message}\n${server.said()}`);
} finally {
  await browser.close();
  server.child.kill("SIGINT");
}
await endedWell(server);
verdict("page of all cases");
