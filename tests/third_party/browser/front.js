// The worked front-end at /demo/, as people use it: by keyboard, at a desk and on a telephone, each screen within its budget.
import axe from "axe-core";
import { demand, shoot, url, withBrowser, withPage } from "./browser.js";
import { another } from "./front_writes.js";

const CALLS = 3;
const BYTES = 60 * 1024;
const DESK = { viewport: { width: 1200, height: 900 }, locale: "fr-FR", timezoneId: "Europe/Paris", colorScheme: "light" };
const TELEPHONE = { viewport: { width: 390, height: 844 }, locale: "fr-FR", timezoneId: "Europe/Paris", colorScheme: "dark", isMobile: true };
const table = [];

/** Counts what a page asks of the API, until it is asked. */
function counter(page) {
  const asked = [];
  // Read at once: a page that is left keeps no bodies.
  const measured = async (request) => {
    const { responseBodySize } = await request.sizes();
    return { sent: responseBodySize, bytes: (await (await request.response()).body()).length };
  };
  page.on("requestfinished", (request) => request.url().startsWith(`${url}/v1/`) && asked.push(measured(request)));
  return async () => {
    const answers = await Promise.all(asked.splice(0));
    const sum = (name) => answers.reduce((total, answer) => total + answer[name], 0);
    return { calls: answers.length, sent: sum("sent"), bytes: sum("bytes") };
  };
}

/** Waits until a screen is there, and looks at it. */
async function look(page, taken, name, title) {
  await page.locator("main:not([aria-busy]) h1", { hasText: title }).waitFor();
  const { calls, sent, bytes } = await taken();
  const where = `${name} ${page.viewportSize().width}`;
  table.push(`${where}: ${calls} calls, ${bytes} bytes (${sent} as they are sent)`);
  demand(calls <= CALLS && bytes <= BYTES, table.at(-1));
  const { overflow, heading } = await page.evaluate(() => ({
    overflow: document.documentElement.scrollWidth - innerWidth,
    heading: document.title,
  }));
  demand(overflow <= 0, `${where}: scrolls sideways by ${overflow} px`);
  demand(heading.endsWith(" – Livret"), `${where}: the page is called ${heading}`);
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run(document));
  const told = violations.map((fault) => `${fault.id}: ${fault.nodes.map((node) => node.html).join(" ")}`);
  demand(told.length === 0, `${where}: ${told.join("\n")}`);
  await shoot(page, `front-${name}-${page.viewportSize().width}`);
}

/** Whoever comes to another screen hears its title. */
async function isTold(page, name) {
  const focus = await page.evaluate(() => document.activeElement.tagName);
  demand(["H1", "SUMMARY"].includes(focus), `${name}: the focus is on ${focus}`);
}

async function follow(page, taken, link, name, title) {
  await link.click();
  await look(page, taken, name, title);
  await isTold(page, name);
}

/** Signs in with the keyboard alone, after a mistake that is told. */
async function byKeyboard(browser) {
  await withPage(browser, DESK, async (page, complaints) => {
    await page.goto(`${url}/demo/`);
    await page.locator("h1", { hasText: "Connexion" }).waitFor();
    const type = async (text) => {
      await page.keyboard.press("Tab");
      await page.keyboard.type(text);
    };
    await page.keyboard.press("Tab");
    demand(await page.evaluate(() => document.activeElement.id === "skip"), "the first Tab is not for skipping");
    await type("tutrice@horizon.example");
    await type("faux");
    await page.keyboard.press("Enter");
    await page.locator("[role=alert]", { hasText: "mot de passe" }).waitFor();
    await type("livret de demonstration");
    await page.keyboard.press("Enter");
    await page.locator("h1", { hasText: "Tableau de bord" }).waitFor();
    await isTold(page, "by keyboard");
    // The browser itself tells of the 401.
    demand(complaints.length === 1 && complaints[0].includes("401"), `the browser complains: ${complaints}`);
  });
}

/** Comes in with an account of the demo, and walks its screens. */
async function enter(browser, options, account, walk) {
  await withPage(browser, options, async (page, complaints) => {
    const taken = counter(page);
    await page.goto(`${url}/demo/`);
    if (walk === candidate) await look(page, taken, "sign-in", "Connexion");
    await page.locator("button", { hasText: account }).click();
    await walk(page, taken, complaints);
    demand(complaints.length === 0, `the browser complains: ${complaints.join("\n")}`);
  });
}

async function candidate(page, taken) {
  await page.locator("main h1", { hasText: "Bonjour Samira" }).waitFor();
  const { calls, bytes } = await taken();
  table.push(`signing in, and the screen after it: ${calls} calls, ${bytes} bytes, the words of the API among them`);
  await page.reload();
  await look(page, taken, "candidate", "Bonjour Samira");
  await follow(page, taken, page.locator("a", { hasText: "Ouvrir mon livret" }), "booklet", "Livret de Samira");
  await page.locator("summary", { hasText: "Fiches action" }).click();
  await follow(page, taken, page.locator("a", { hasText: "Fiche action n° 5" }), "sheet", "Fiche action n° 5");
  await page.locator("button", { hasText: "Valider cette fiche" }).waitFor();
}

async function tutor(page, taken, complaints) {
  await page.locator("h1", { hasText: "Tableau de bord" }).waitFor();
  await taken();
  await page.reload();
  await look(page, taken, "dashboard", "Tableau de bord");
  await follow(page, taken, page.locator("a", { hasText: "Réserver un poste" }), "booklet-at-a-page", "Livret de Samira");
  await follow(page, taken, page.locator("a", { hasText: "Fiche action n° 6" }), "sheet-to-write", "Fiche action n° 6");
  await another(page, complaints);
}

async function coordinator(page, taken) {
  await page.locator("h1", { hasText: "Suivi des livrets" }).waitFor();
  await taken();
  await page.reload();
  await look(page, taken, "board", "Suivi des livrets");
  await page.getByLabel("Nom, certification ou numéro").fill("samira");
  await page.keyboard.press("Enter");
  await page.locator("tbody tr").nth(1).waitFor({ state: "detached" });
  await look(page, taken, "board-found", "Suivi des livrets");
  demand((await page.locator("tbody tr").count()) === 1, "more than one Samira");
}

await withBrowser(async (browser) => {
  await byKeyboard(browser);
  for (const options of [DESK, TELEPHONE]) {
    await enter(browser, options, "Entrer : Candidate", candidate);
    await enter(browser, options, "Entrer : Tutrice", tutor);
    await enter(browser, options, "Entrer : Coordinatrice", coordinator);
  }
  const leading = await (await fetch(`${url}/invitation`)).text();
  demand(leading.includes(`href="${url}/demo"`), "an invitation does not lead to the screens");
  demand((await fetch(`${url}/demo`)).url === `${url}/demo/`, "/demo leads elsewhere");
  console.log(`front-end: ${[...new Set(table)].join("\nfront-end: ")}`);
});
