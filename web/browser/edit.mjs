// The editor of a run's case as a person uses it: change a clause, run again, compare; fails on what is wrong.
//
//     node web/browser/edit.mjs EDITS [PICTURES] -- COMMAND...
//
// COMMAND serves a run of `first-light` and prints its address; changed cases go to the folder EDITS. Nothing may
// leave this machine: a request to anywhere but the server is refused and reported.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { VIEWS, address, browse, due, fits, given, keep, problems, served, verdict, watched } from "./person.mjs";

const [edits, pictures] = given;
const WAIT_MS = 120_000;
/** While a page tries what it may not, the browser says so. */
let trying = false;

async function opened(browser, home, view, dark) {
  const context = await browser.newContext({ viewport: VIEWS[view], colorScheme: dark ? "dark" : "light" });
  const harmless = (words) => words.includes("422 (Unprocessable") || (trying && words.includes("Content Security Policy"));
  return watched(await context.newPage(), view, home, harmless);
}

/** The report is there with its globe, though it is shown without rights, and leads to the editor. */
async function fromTheReport(page, home) {
  await page.goto(`${home}/`);
  await page.waitForSelector("#synaspis-globe canvas", { timeout: WAIT_MS });
  trying = true;
  const reached = await page.evaluate(() => fetch("/edit/state.json").then(() => true, () => false)).catch(() => false);
  due(!reached, "the report may ask the editor");
  trying = false;
  await page.locator("nav a", { hasText: "Change this case" }).click();
  await page.waitForSelector(".go");
  due(await page.locator(".go").isDisabled(), "there is something to run before anything is changed");
}

/** What is wrong is said beside its field; nothing is run or written. */
async function refused(page) {
  const field = page.locator('input[aria-label^="bmd-3: deciding"]');
  await field.fill("-1");
  due((await page.locator(".panel .changes li").first().textContent())?.includes("bmd-3"), "a change is not listed");
  await page.keyboard.press("Control+Enter");
  const fault = page.locator("#" + (await field.getAttribute("aria-describedby")).split(" ")[1]);
  await page.waitForFunction((e) => e.textContent !== "", await fault.elementHandle(), { timeout: WAIT_MS });
  due(/from 0 to 86400/.test(await fault.textContent()), `the mend is "${await fault.textContent()}"`);
  due((await field.getAttribute("aria-invalid")) === "true", "the field is not marked as wrong");
  due(await field.evaluate((e) => e === document.activeElement), "the wrong field has not the focus");
  due(!existsSync(edits), "something was written though something was wrong");
  await page.locator(".panel .changes button", { hasText: "Undo" }).click();
  due((await field.inputValue()) === "15", "undo does not bring back what was");
}

async function changed(page, state, trials) {
  await page.locator('select[aria-label^="bmd-2: State"]').selectOption(state);
  await page.locator("#trials").fill(trials);
  await page.locator(".go").click();
}

/** The finding and the figures of the comparison are those of the two runs. */
async function compared(page) {
  await page.waitForSelector("#compare h2", { timeout: WAIT_MS });
  const title = await page.locator("#compare h2").textContent();
  due(/^Without bmd-2, the allied regime protects .* fewer.* in Bulgaria\.$/.test(title), `the finding is "${title}"`);
  const told = JSON.parse(readFileSync(join(edits, "edit-1.json"), "utf8"));
  const now = JSON.parse(readFileSync(join(edits, "edit-1", "summary.json"), "utf8"));
  due(told.regimes.allied.protected_population.after === now.regimes.allied.protected_population, "the comparison is not of the run");
  const row = page.locator("#compare tbody tr", { has: page.locator("th", { hasText: /^Bulgaria$/ }) });
  due((await row.locator("td").nth(1).textContent()) === "0", "people in Bulgaria are protected without a mandate");
  await page.locator("#compare .switch button", { hasText: "national" }).click();
  due((await row.locator("td").nth(2).textContent()) === "0", "the national regime changes, too");
}

async function newReport(page, home) {
  await page.locator("#compare a", { hasText: "Report of the changed case" }).click();
  await page.waitForURL(`${home}/edits/edit-1/`);
  due((await page.locator("nav").textContent()).includes("bmd-2 left out"), "the report does not say what was changed");
  await page.waitForSelector("#synaspis-globe canvas", { timeout: WAIT_MS });
  await page.locator("nav a", { hasText: "change more" }).click();
  await page.waitForSelector("#compare h2");
  due((await page.locator('select[aria-label^="bmd-2: State"]').inputValue()) === "out", "what was typed is lost");
}

async function stopped(page) {
  await page.locator("#trials").fill("100000");
  await page.locator(".go").click();
  await page.locator(".running button", { hasText: "Stop" }).click({ timeout: WAIT_MS });
  await page.locator('.edits [data-state="stopped"]').waitFor({ timeout: WAIT_MS });
  due(!existsSync(join(edits, "edit-2")), "a run that was stopped left a folder");
}

const server = served(address);
const browser = await browse();
try {
  const home = await server.home;
  const page = await opened(browser, home, "desk", false);
  await fromTheReport(page, home);
  await refused(page);
  await keep(page, pictures, "edit");
  await changed(page, "out", "20");
  await compared(page);
  await keep(page, pictures, "edit-compared");
  await fits(page, "desk");
  await newReport(page, home);
  await stopped(page);
  const phone = await opened(browser, home, "phone", true);
  await phone.goto(`${home}/edit`);
  await phone.waitForSelector("#compare h2", { timeout: WAIT_MS });
  await fits(phone, "phone");
  await keep(phone, pictures, "edit-phone");
} catch (e) {
  problems.push(`the editor stopped: ${e.message}`);
} finally {
  await browser.close();
  server.child.kill("SIGTERM");
}
verdict("editor of a run's case");
