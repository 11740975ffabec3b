// Operations on the page of Swagger UI.

/** Opens an operation, its chapter first if that is closed, and makes it ready to try. */
export async function open(page, method, path, chapter) {
  const closed = page.locator(`.opblock-tag[data-tag="${chapter}"][data-is-open="false"]`);
  await page.locator(`.opblock-tag[data-tag="${chapter}"]`).waitFor();
  if (await closed.count()) await closed.click();
  const operation = page.locator(`.opblock-${method}`, {
    has: page.locator(`.opblock-summary-path[data-path="${path}"]`),
  });
  await operation.locator(".opblock-summary-control").click();
  await operation.locator(".try-out__btn").click();
  return operation;
}
