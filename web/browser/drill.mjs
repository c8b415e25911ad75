// A drill of two nations, from invitation to the end, clicked through as people would; fails on what is wrong.
//
//     node web/browser/drill.mjs FOLDER [PICTURES] -- COMMAND...
//
// COMMAND starts the server of seats and prints one link per seat; its record is written in FOLDER. Nothing
// may leave this machine: a request to anywhere but the server is refused and reported.
import { browse, due, endedWell, fits, given, keep, problems, served, verdict, watched } from "./person.mjs";

const [folder, pictures] = given;
const NATIONS = ["USA", "ROU"];
const WAIT_MS = 120_000;
/** From here on the missiles of the smallest case are within reach of the second nation: no time to lose. */
const SLOW_FROM_S = 690;

const step = (words) => console.log(`drill: ${words}${problems.length ? ` (${problems.length} wrong so far)` : ""}`);

/** The links by seat once the server has printed them all. */
function links(said) {
  const found = Object.fromEntries([...said.matchAll(/(https?:\/\/\S+\/#([^\s.]+)\.\S+)/g)].map((m) => [m[2], m[1]]));
  return ["director", "observer", ...NATIONS].every((seat) => found[seat]) ? found : undefined;
}

/** A seat tries what it may not, and is told so. */
const denied = (words) => words.includes("403 (Forbidden)");

async function joined(context, seat, link) {
  const page = await context.newPage();
  await watched(page, seat, new URL(link).origin, denied);
  await page.goto(link);
  await page.waitForURL(`**/seats/${seat}/`, { timeout: WAIT_MS });
  await page.waitForFunction(() => window.synaspisSeat?.ready && window.synaspisSeat.frames() > 0, null, { timeout: WAIT_MS });
  due(!page.url().includes("#"), `${seat}: the token stays in the address`);
  return page;
}

const state = (page) => page.locator("#seat").getAttribute("data-state");
/** Time of the case as a seat shows it, s. */
const caseTime = async (page) => {
  const [minutes, seconds] = (await page.locator(".clock").textContent()).replace("T+", "").split(":").map(Number);
  return minutes * 60 + seconds;
};
const inState = (page, wanted) =>
  page.waitForFunction((s) => document.getElementById("seat").dataset.state === s, wanted, { timeout: WAIT_MS });

/** Click, if it is still there: a question may lapse between looking and clicking. */
const tried = (action) => action.then(() => true, () => false);

/** Answer one question of a seat; how, says what a person uses. True when the server has written it down. */
async function answered(page, seat, how) {
  const card = page.locator("article[data-question]").first();
  if (!(await tried(card.waitFor({ timeout: 1000 })))) return false;
  const id = await card.getAttribute("data-question");
  await page.waitForTimeout(500);
  const mine = page.locator(`article[data-question="${id}"]`);
  if (how === "keys") {
    if (!(await tried(mine.focus({ timeout: 1000 })))) return false;
    await page.keyboard.press("y");
  } else if (!(await tried(mine.locator('[data-answer="yes"]').click({ timeout: 1000 })))) return false;
  const done = await page.waitForFunction((q) => {
    const held = document.querySelector(`article[data-question="${q}"] .sent`);
    return !held || /written down|Not taken/.test(held.textContent);
  }, id, { timeout: 90_000 }).then(() => true, () => false);
  due(done, `${seat}: the answer to question ${id} was not acknowledged`);
  return done;
}

/** A turn before the raid, where the plan has one: one nation proposes, the other agrees, the director ends it. */
async function turn(seats) {
  if ((await seats.USA.locator("#propose").count()) === 0) return;
  const form = seats.USA.locator("#propose form");
  await form.locator('[data-key="other"]').selectOption("ROU");
  await form.locator('[data-key="product"]').selectOption("alert");
  const says = await form.locator(".words").textContent();
  due(/^Romania may have alert of United States/.test(says), `USA: the form says "${says}"`);
  await form.locator('button[type="submit"]').click();
  const card = seats.ROU.locator("article[data-question]").first();
  await card.waitFor({ timeout: 20_000 }).catch(() => problems.push("ROU: the proposal did not come"));
  due((await answered(seats.ROU, "ROU", "keys")), "ROU: the proposal was not answered");
  await seats.director.locator("#turn .end").click();
  await seats.USA.locator(".rows.table [data-holds]").waitFor({ timeout: 20_000 })
    .catch(() => problems.push("USA: what both agreed on does not hold"));
  due((await seats.observer.locator(".rows.table li").count()) === 0, "observer: sees what two nations agreed on");
}

/** Every seat shows the raid: where there were turns its page is another one. */
async function raid(seats) {
  for (const [seat, page] of Object.entries(seats)) {
    await page.waitForFunction(() => document.getElementById("warned") ?? document.getElementById("injects"), null, { timeout: WAIT_MS })
      .catch(() => problems.push(`${seat}: the raid does not begin`));
    await page.waitForFunction(() => window.synaspisSeat?.ready && window.synaspisSeat.frames() > 0, null, { timeout: WAIT_MS });
  }
}

async function begin(seats) {
  const { director } = seats;
  due((await state(director)) === "waiting", `director: the exercise is ${await state(director)} before its start`);
  await turn(seats);
  await director.locator(".timebar .go").click();
  await raid(seats);
  await inState(director, "running");
  await director.locator(".timebar select").selectOption("10");
  await director.waitForFunction(() => document.querySelector(".state").textContent.includes("10 ×"), null, { timeout: 10_000 })
    .catch(() => problems.push("director: the speed does not change"));
}

async function pause(director) {
  const go = director.locator(".timebar .go");
  await go.click();
  await inState(director, "paused");
  await go.click();
  await inState(director, "running");
}

async function decide(seats) {
  const count = { USA: 0, ROU: 0 };
  const sawTrack = { USA: false, ROU: false };
  const until = Date.now() + WAIT_MS * 3;
  let slow = false;
  while (Date.now() < until && (await state(seats.director)) === "running" && NATIONS.some((n) => count[n] < 1 || !sawTrack[n])) {
    if (!slow && (await caseTime(seats.director)) > SLOW_FROM_S) {
      await seats.director.locator(".timebar select").selectOption("1");
      slow = true;
    }
    for (const nation of NATIONS) {
      sawTrack[nation] ||= (await seats[nation].locator(".rows.tracks button").count()) > 0;
      if (await answered(seats[nation], nation, nation === "USA" ? "keys" : "clicks")) count[nation]++;
    }
    await seats.director.waitForTimeout(250);
  }
  // What is asked of the second nation comes late: nothing more shall happen while the rest is tried.
  if (due((await state(seats.director)) === "running", "the exercise was over before both nations had decided")) {
    await seats.director.locator(".timebar .go").click();
    await inState(seats.director, "paused");
  }
  for (const n of NATIONS) {
    due(count[n] > 0, `${n}: no question was answered`);
    due(sawTrack[n], `${n}: no track was seen`);
  }
  return count;
}

async function write(seats) {
  const words = "Sofia is warned; we hold two tracks.";
  await seats.USA.locator("#messages select").selectOption("ROU");
  await seats.USA.locator('#messages input[type="text"]').fill(words);
  await seats.USA.keyboard.press("Enter");
  await seats.ROU.locator(".rows.messages li", { hasText: words }).waitFor({ timeout: 20_000 })
    .catch(() => problems.push("ROU: the message of USA did not come"));
  await seats.ROU.locator("#messages select").selectOption("director");
  await seats.ROU.locator('#messages input[type="text"]').fill("We are here.");
  await seats.ROU.locator("#messages button").click();
  await seats.director.locator(".rows.messages li", { hasText: "We are here." }).waitFor({ timeout: 20_000 })
    .catch(() => problems.push("director: the message of ROU did not come"));
}

async function hold(page) {
  const button = page.locator(".rows.batteries button").first();
  await button.click();
  await page.waitForFunction(() => document.querySelector('.rows.batteries button[aria-pressed="true"]'), null, { timeout: 20_000 })
    .catch(() => problems.push("ROU: the battery is not held"));
  await tried(button.click());
}

async function inject(page) {
  await page.locator(".inject select").first().selectOption("lose");
  await page.locator('.fields [data-key="station"]').selectOption("kurecik");
  await page.locator('.inject button[type="submit"]').click();
  const said = page.locator("#injects .sent");
  await page.waitForFunction(() => document.querySelector("#injects .sent").textContent !== "", null, { timeout: 20_000 }).catch(() => undefined);
  due(/^Done/.test(await said.textContent()), `director: the inject says "${await said.textContent()}"`);
}

async function lookAround(page, seat) {
  const picture = () => page.locator(".stage canvas").screenshot().then((b) => b.toString("base64"));
  const before = await picture();
  due(before.length > 15_000, `${seat}: the map is blank`);
  await page.locator(".stage").focus();
  await page.keyboard.press("f");
  await page.waitForTimeout(1500);
  due((await picture()) !== before, `${seat}: F does not change the map`);
  await fits(page, seat);
}

async function end(seats) {
  if ((await state(seats.director)) === "over") return;
  await seats.director.locator(".timebar button", { hasText: /^End$/ }).click();
  await seats.director.locator("dialog button.yes").click();
  for (const [seat, page] of Object.entries(seats)) {
    await inState(page, "over").catch(() => problems.push(`${seat}: does not see that the exercise is over`));
  }
}

const server = served(links);
const browser = await browse();
try {
  const at = await server.home;
  // Several seats share one browser; an observer looks on from a phone.
  const desk = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, colorScheme: "dark", hasTouch: true });
  const seats = {};
  for (const seat of ["director", ...NATIONS]) seats[seat] = await joined(desk, seat, at[seat]);
  seats.observer = await joined(phone, "observer", at.observer);
  step("four seats joined");
  const again = await phone.newPage();
  await watched(again, "a stranger", new URL(at.USA).origin, denied);
  await again.goto(at.USA);
  await again.locator("h1", { hasText: "did not open" }).waitFor({ timeout: 20_000 })
    .catch(() => problems.push("a link opens a second time"));
  await again.close();
  await begin(seats);
  await pause(seats.director);
  await write(seats);
  await hold(seats.ROU);
  step("paused and went on, wrote, held a battery");
  const count = await decide(seats);
  step(`answered: ${NATIONS.map((n) => `${n} ${count[n]}`).join(", ")}`);
  for (const [seat, page] of Object.entries(seats)) await keep(page, pictures, seat);
  await inject(seats.director);
  step("lost a sensor");
  for (const [seat, page] of Object.entries(seats)) await lookAround(page, seat);
  // A seat that is loaded anew holds the same as before.
  await seats.ROU.reload();
  await seats.ROU.waitForFunction(() => window.synaspisSeat?.frames() > 0, null, { timeout: WAIT_MS });
  due((await seats.ROU.locator(".rows.messages li").count()) >= 2, "ROU: the messages are gone after loading anew");
  await end(seats);
  step("over in every seat");
  for (const [seat, page] of Object.entries(seats)) await keep(page, pictures, `${seat}-over`);
  await seats.ROU.locator(".door button", { hasText: "Leave" }).click();
  await seats.ROU.waitForURL((u) => u.pathname === "/", { timeout: 20_000 }).catch(() => problems.push("ROU: leaving does not lead out"));
} catch (e) {
  problems.push(`the drill stopped: ${e.message}\n${server.said()}`);
} finally {
  await browser.close();
  server.child.kill("SIGINT");
}
await endedWell(server);
verdict(`drill of two nations, record in ${folder}`);
