// The review of a drill, clicked through as a person would; fails on what is wrong.
//
//     node web/browser/review.mjs PICTURES -- COMMAND...
//
// COMMAND plays a record again and serves it (`synaspis replay LOG --serve --port 0`). Nothing may leave this
// machine: a request to anywhere but the server is refused and reported.
import { VIEWS, browse, due, endedWell, given, keep, problems, served, verdict, watched } from "./person.mjs";

const [pictures] = given;
const WAIT_MS = 240_000;

async function opened(context, at) {
  const page = await watched(await context.newPage(), "review", new URL(at).origin);
  await page.goto(at);
  await page.locator("#replay .transport").waitFor({ timeout: WAIT_MS });
  return page;
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
  await keep(page, pictures, "review");
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
  await keep(page, pictures, "what-if");
}

const server = served((said) => said.match(/https?:\/\/\S+\/#\S+/)?.[0]);
const browser = await browse();
try {
  const at = await server.home;
  const page = await opened(await browser.newContext({ viewport: VIEWS.desk }), at);
  await through(page);
  await whatIf(page);
  const phone = await opened(await browser.newContext({ viewport: VIEWS.phone, colorScheme: "dark", hasTouch: true }), at);
  const wide = await phone.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  due(wide[0] <= wide[1], `on a phone the page is ${wide[0]} px wide in a window of ${wide[1]} px`);
  await keep(phone, pictures, "review-phone");
} catch (e) {
  problems.push(`the review stopped: ${e.message}\n${server.said().slice(-2000)}`);
} finally {
  await browser.close();
  server.child.kill("SIGINT");
}
await endedWell(server);
verdict("review of the drill");
