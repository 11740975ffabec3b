// Writing on an action sheet of the front-end, while somebody else does.
import { demand, shoot, url } from "./browser.js";

/** Changes the sheet that the page shows, as another tab would. */
async function meanwhile(page, change) {
  const id = new URL(page.url()).hash.split("/").at(-1);
  const access = await page.evaluate(() => JSON.parse(sessionStorage.getItem("livret.session")).access);
  const headers = { authorization: `Bearer ${access}`, "content-type": "application/merge-patch+json" };
  const sheet = await (await fetch(`${url}/v1/action-sheets/${id}`, { headers })).json();
  const answer = await fetch(`${url}/v1/action-sheets/${id}`, {
    method: "PATCH",
    headers: { ...headers, "if-match": sheet.etag },
    body: JSON.stringify(change),
  });
  demand(answer.ok, `the sheet was not changed: ${answer.status}`);
}

/** Two write at once: nothing is lost, and whoever comes second is told in words. */
export async function another(page, complaints) {
  const said = page.locator("[role=status]");
  const width = page.viewportSize().width;
  const successes = page.getByLabel("Ce qui a bien marché");
  const summary = page.getByLabel("Bilan du rendez-vous");
  await successes.fill(`Écrit ici, à ${width} pixels.`);
  await meanwhile(page, { successes: `Écrit ailleurs, à ${width} pixels.`, summary: `Bilan écrit ailleurs (${width}).` });
  await page.locator("button", { hasText: "Enregistrer" }).click();
  await page.locator("[role=alert]", { hasText: "Votre texte est toujours là" }).waitFor();
  demand((await successes.inputValue()) === `Écrit ici, à ${width} pixels.`, "what was being written is lost");
  demand((await summary.inputValue()) === `Bilan écrit ailleurs (${width}).`, "what the other wrote is not shown");
  await page.locator(".hint", { hasText: "Écrit ailleurs" }).waitFor();
  await shoot(page, `front-412-${width}`);
  await page.locator("button", { hasText: "Enregistrer" }).click();
  await said.filter({ hasText: "C'est enregistré." }).waitFor();

  // A small thing for the next time; the words being written stay.
  await successes.fill("Pas encore enregistré.");
  await page.getByLabel("Ce qu'il y a à faire").fill(`Relire la fiche (${width})`);
  await page.getByRole("button", { name: "Ajouter" }).click();
  await said.filter({ hasText: "C'est ajouté" }).waitFor();
  await page.locator(".what", { hasText: `Relire la fiche (${width})` }).first().waitFor();
  demand((await successes.inputValue()) === "Pas encore enregistré.", "an item took away what was being written");

  // A day before the appointment is refused, and the field is pointed at.
  const next = page.getByLabel("Prochain rendez-vous");
  await next.fill("2020-01-01");
  await page.locator("button", { hasText: "Enregistrer" }).click();
  await page.locator("[role=alert] p").waitFor();
  demand(await next.evaluate((field) => field === document.activeElement && field.ariaInvalid === "true"), "the faulty field is not pointed at");
  await shoot(page, `front-422-${width}`);
  // The browser itself tells of these two.
  const expected = complaints.splice(0);
  demand(expected.length === 2 && expected.every((told) => /412|422/.test(told)), `the browser complains: ${expected}`);
}
