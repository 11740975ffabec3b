// Swagger UI, as whoever connects a CRM uses it: a service account's credentials in the Authorize dialog.
import { demand, shoot, url, withBrowser, withPage } from "./browser.js";
import { open } from "./operations.js";

const PASSWORD = "livret de demonstration";

async function post(path, body, token) {
  const headers = { "content-type": "application/json" };
  if (token) headers.authorization = `Bearer ${token}`;
  const answer = await fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  demand(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
}

const { access_token: coordinator } = await post("/v1/auth/login", {
  email: "coordinatrice@horizon.example",
  password: PASSWORD,
});
const account = await post(
  "/v1/service-accounts",
  { name: "Swagger UI", scopes: ["booklets:read", "candidates:read"] },
  coordinator,
);
const contract = await (await fetch(`${url}/openapi.json`)).json();
const scopes = Object.keys(contract.components.securitySchemes.oauth2.flows.clientCredentials.scopes);

/** The status that "Try it out" shows for a list. */
async function read(page, path, chapter) {
  const operation = await open(page, "get", path, chapter);
  await operation.locator("button.execute").click();
  const answer = operation.locator(".live-responses-table tbody tr.response").first();
  await answer.waitFor();
  return (await answer.locator(".response-col_status").innerText()).trim().split(/\s/)[0];
}

await withBrowser((browser) =>
  withPage(browser, { viewport: { width: 1200, height: 1600 } }, async (page) => {
    await page.goto(`${url}/docs/`);
    await page.locator(".auth-wrapper button.authorize").first().click();
    const dialog = page.locator(".dialog-ux .modal-ux");
    const flow = dialog.locator(".auth-container", { hasText: "clientCredentials" });
    const shown = await flow.locator(".scopes .checkbox p.name").allInnerTexts();
    demand(
      JSON.stringify(shown.toSorted()) === JSON.stringify(scopes.toSorted()),
      `the dialog lists ${shown}`,
    );
    await flow.locator("input#client_id_clientCredentials").fill(account.client_id);
    await flow.locator("input#client_secret_clientCredentials").fill(account.secret);
    await flow.locator(".checkbox", { hasText: "booklets:read" }).locator("label").first().click();
    await shoot(dialog, "swagger-oauth");
    await flow.locator("button.authorize").click();
    await flow.getByRole("button", { name: /logout|remove authorization/i }).waitFor();
    await dialog.locator("button.btn-done").first().click();
    // The scope that was ticked, and no more.
    const answered = [await read(page, "/v1/booklets", "Booklets"), await read(page, "/v1/candidates", "People")];
    demand(answered.join() === "200,403", `booklets and candidates: ${answered}`);
    console.log(`Swagger UI: client credentials, one of ${shown.length} scopes`);
  }),
);
