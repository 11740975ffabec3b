// Swagger UI, as a tester uses it: log in with a demo account, authorise, read, write.
import { demand, shoot, url, withBrowser, withPage } from "./browser.js";
import { open } from "./operations.js";

const ACCOUNT = { email: "tutrice@horizon.example", password: "livret de demonstration" };
const FOLLOW_UP = {
  contacted_on: "2026-11-20",
  contact_mode: "phone",
  comment: "Écrit depuis Swagger UI.",
};

/** Runs it; gives the JSON that the page shows, when the status is this one. */
async function execute(operation, status) {
  await operation.locator("button.execute").click();
  const answer = operation.locator(".live-responses-table tbody tr.response").first();
  await answer.waitFor();
  const shown = (await answer.locator(".response-col_status").innerText()).trim().split(/\s/)[0];
  const body = await answer.locator("pre code, pre.microlight").first().textContent();
  demand(shown === String(status), `expected ${status}, the page shows ${shown}: ${body}`);
  return JSON.parse(body);
}

await withBrowser((browser) =>
  withPage(browser, { viewport: { width: 1200, height: 1600 }, locale: "fr-FR" }, async (page) => {
    const begun = Date.now();
    await page.goto(`${url}/docs/`);
    // The first steps are told before anything else, and the first operation is the one that they begin with.
    await page.locator(".info", { hasText: "First steps" }).waitFor();
    const logIn = await open(page, "post", "/v1/auth/login", "Identity");
    const first = page.locator(".opblock-summary-path").first();
    demand((await first.getAttribute("data-path")) === "/v1/auth/login", "signing in does not come first");
    await logIn.locator("textarea.body-param__text").fill(JSON.stringify(ACCOUNT));
    const tokens = await execute(logIn, 200);
    demand(Date.now() - begun < 20_000, `the first answer took ${Date.now() - begun} ms`);

    await page.locator(".auth-wrapper button.authorize").first().click();
    const dialog = page.locator(".dialog-ux .modal-ux");
    const bearer = dialog.locator(".auth-container", { hasText: "token (http" }).first();
    await bearer.locator("input[type=text]").first().fill(tokens.access_token);
    await bearer.locator("button[type=submit]").first().click();
    await bearer.getByRole("button", { name: /logout|remove authorization/i }).waitFor();
    await dialog.locator("button.btn-done").first().click();

    const list = await open(page, "get", "/v1/booklets", "Booklets");
    for (const filter of await list.locator("tr[data-param-in=query]:not([data-param-name=limit]) input").all()) {
      demand((await filter.inputValue()) === "" || (await filter.isDisabled()), "a filter is filled in, which would leave rows out");
    }
    const booklets = await execute(list, 200);
    demand(booklets.items.length > 0, "the tutor of the demo has no booklet");

    // The address is filled in with a booklet of the demo.
    const write = await open(page, "post", "/v1/booklets/{id}/follow-ups", "Follow-ups");
    const booklet = await write.locator('tr[data-param-name="id"] input').inputValue();
    await write.locator("textarea.body-param__text").fill(JSON.stringify(FOLLOW_UP));
    const written = await execute(write, 201);
    demand(written.comment === FOLLOW_UP.comment, `not what was written: ${JSON.stringify(written)}`);
    demand(written.booklet_id === booklet, "written in another booklet");

    await shoot(write, "swagger");
    console.log(`Swagger UI: logged in, read ${booklets.items.length} booklets, wrote a follow-up`);
  }),
);

await withBrowser((browser) =>
  withPage(browser, { viewport: { width: 390, height: 844 }, isMobile: true }, async (page) => {
    await page.goto(`${url}/docs/`);
    const logIn = await open(page, "post", "/v1/auth/login", "Identity");
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    demand(width <= 390, `the page is ${width} wide on a phone`);
    await shoot(logIn, "swagger-phone");
  }),
);
