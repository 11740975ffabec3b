// The service's own pages: accessible, on a phone too, in both languages, in light and dark.
import axe from "axe-core";
import { demand, shoot, url, withBrowser, withPage } from "./browser.js";

const PAGES = [
  "/welcome",
  "/invitation",
  "/forgotten-password",
  "/password-reset",
  "/email-confirmation",
  "/docs/guide",
  "/problems",
  "/problems/invalid",
  "/problems/sheet_items_open",
];
const LANGUAGES = { fr: "fr-FR", en: "en-GB" };
const WIDTHS = [1200, 360];
const SCHEMES = ["light", "dark"];
/** What reads the same in both languages. */
const SAME = new Set(["Livret", "Guide", "Swagger UI", "Code", "Candidate", "Standard Webhooks"]);

async function open(page, path) {
  const response = await page.goto(`${url}${path}`, { waitUntil: "load" });
  demand(response.status() === 200, `${path}: ${response.status()}`);
}

/** What people see, text by text, without code and without what says its own language. */
function texts() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent.trim();
    if (/\p{L}{2}/u.test(text) && !node.parentElement.closest("code, pre, script, [lang]:not(html)")) {
      found.push(text);
    }
  }
  return found;
}

async function check(page, path, language, where) {
  const lang = await page.evaluate(() => document.documentElement.lang);
  demand(lang === language, `${where}: lang="${lang}"`);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  demand(overflow <= 0, `${where}: scrolls sideways by ${overflow} px`);
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run(document));
  const told = violations.map((fault) => `${fault.id}: ${fault.nodes.map((node) => node.html).join(" ")}`);
  demand(told.length === 0, `${where}: ${told.join("\n")}`);
}

/** Every link, field and scrolling part is reached with Tab, in order, and seen to be reached. */
async function walk(page, where) {
  // What a form shows once it is done is hidden before.
  const reachable = ["a[href]", "button", "input", "[tabindex='0']"].map((kind) => `${kind}:not([hidden] *)`).join(", ");
  const count = await page.locator(reachable).count();
  for (let index = 0; index < count; index += 1) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(
      ([selector, at]) => {
        const element = document.activeElement;
        const box = element.getBoundingClientRect();
        return {
          inTurn: element === document.querySelectorAll(selector)[at],
          marked: getComputedStyle(element).outlineStyle !== "none",
          shown: box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight,
          html: element.outerHTML.slice(0, 120),
        };
      },
      [reachable, index],
    );
    demand(focus.inTurn && focus.marked && focus.shown, `${where}: Tab ${index + 1}: ${JSON.stringify(focus)}`);
  }
  await page.locator("a.skip").focus();
  await page.keyboard.press("Enter");
  const skipped = await page.evaluate(() => document.activeElement.id);
  demand(skipped === "content", `${where}: the skip link leads to "${skipped}"`);
}

async function everyPage(browser) {
  const seen = new Map();
  for (const [language, locale] of Object.entries(LANGUAGES)) {
    for (const width of WIDTHS) {
      for (const colorScheme of SCHEMES) {
        const options = { viewport: { width, height: 800 }, locale, colorScheme };
        await withPage(browser, options, async (page, complaints) => {
          for (const path of PAGES) {
            const where = `${path} ${language} ${width} ${colorScheme}`;
            await open(page, path);
            await check(page, path, language, where);
            seen.set(`${path} ${language}`, await page.evaluate(texts));
            await shoot(page, `${path.slice(1).replaceAll("/", "-")}-${language}-${width}-${colorScheme}`);
            if (colorScheme === "light") await walk(page, where);
          }
          demand(complaints.length === 0, `the browser complains: ${complaints.join("\n")}`);
        });
      }
    }
  }
  for (const path of PAGES) {
    const english = new Set(seen.get(`${path} en`));
    const untranslated = seen.get(`${path} fr`).filter((text) => english.has(text) && !SAME.has(text));
    demand(untranslated.length === 0, `${path}: the same in French and English: ${untranslated.join(" | ")}`);
  }
}

/** The switch of language is kept from page to page, against the browser's own. */
async function switchLanguage(browser) {
  await withPage(browser, { locale: "fr-FR" }, async (page) => {
    await open(page, "/welcome");
    await page.locator("header a.language").click();
    await page.waitForURL(/lang=en/);
    for (const next of ["/problems?", "/docs/guide?"]) {
      await page.locator(`header a[href^="${next}"]`).click();
      await page.waitForURL((address) => address.href.includes(next));
      const lang = await page.evaluate(() => document.documentElement.lang);
      demand(lang === "en", `${next}: the language chosen is lost`);
    }
  });
}

/** An invitation that is refused says why, in the page's language, and keeps its token. */
async function refuseInvitation(browser) {
  await withPage(browser, { locale: "fr-FR" }, async (page) => {
    await open(page, "/invitation#token=unknown");
    await page.locator("#password").fill("trois moutons bleus");
    await page.locator("form button").click();
    await page.locator("[role=status]", { hasText: "L'invitation est inconnue" }).waitFor();
    await page.locator("header a.language").click();
    await page.waitForURL(/lang=en#token=unknown/);
  });
}

/** Who forgot their password is told what to do next, and a link that is no good says so. */
async function forgetPassword(browser) {
  await withPage(browser, { locale: "fr-FR" }, async (page) => {
    await open(page, "/forgotten-password");
    await page.locator("#email").fill("inconnue@livret.example");
    await page.locator("form button").click();
    await page.locator("[role=status]", { hasText: "un message est parti" }).waitFor();
    demand(await page.locator("form").isHidden(), "the form is still there");
    await open(page, "/password-reset#token=unknown");
    await page.locator("#password").fill("trois moutons bleus");
    await page.locator("form button").click();
    await page.locator("[role=status]", { hasText: "Le lien est inconnu" }).waitFor();
    await open(page, "/email-confirmation#token=unknown");
    await page.locator("form button").click();
    await page.locator("[role=status]", { hasText: "Le lien est inconnu" }).waitFor();
  });
}

await withBrowser(async (browser) => {
  await everyPage(browser);
  await switchLanguage(browser);
  await refuseInvitation(browser);
  await forgetPassword(browser);
  const looks = Object.keys(LANGUAGES).length * WIDTHS.length * SCHEMES.length;
  console.log(`pages: ${PAGES.length} pages, ${looks} ways each: no violation`);
});
