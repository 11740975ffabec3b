// Debian's Chromium, which talks to the service under test and to nobody else.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const url = process.env.LIVRET_URL ?? fail("LIVRET_URL: the address of the service is missing");
const SHOTS = fileURLToPath(new URL("../../../target/browser/", import.meta.url));
const PATIENCE = 20_000;

export function fail(message) {
  throw new Error(message);
}

export function demand(condition, message) {
  if (!condition) fail(message);
}

/** Runs `work` with a browser, and closes it whatever happens. */
export async function withBrowser(work) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    timeout: 60_000,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  try {
    await work(browser);
  } finally {
    await browser.close();
  }
}

/** Runs `work` with a page of its own; what it asks of other hosts, or complains about, is a failure. */
export async function withPage(browser, options, work) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE);
  const strangers = [];
  await context.route("**/*", (route) => {
    const asked = route.request().url();
    if (asked.startsWith(`${url}/`) || asked.startsWith("data:")) return route.continue();
    strangers.push(asked);
    return route.abort();
  });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  try {
    await work(page, complaints);
    demand(strangers.length === 0, `requests to other hosts: ${strangers}`);
  } catch (error) {
    await shoot(page, "failure");
    throw error;
  } finally {
    await context.close();
  }
}

/** Saves what a page, or a part of one, looks like. */
export async function shoot(part, name) {
  mkdirSync(SHOTS, { recursive: true });
  await part.screenshot({ path: `${SHOTS}${name}.png`, fullPage: true });
}
