// Which screen is shown: the address after `#` says so. Each screen says its title, and what stands below it.
import { Refusal } from "./client.js";
import { h, refuse, say } from "./dom.js";
import { board } from "./screens/board.js";
import { booklet } from "./screens/booklet.js";
import { dashboard } from "./screens/dashboard.js";
import { home } from "./screens/home.js";
import { sheet } from "./screens/sheet.js";
import { signInScreen } from "./screens/sign_in.js";
import { me, signOut } from "./session.js";
import { WAYS } from "./ways.js";

/**
 * @typedef {object} Screen
 * @property {string} title
 * @property {import("./dom.js").Child[]} content
 * @property {string} [focus] the id of the heading that was asked for, if not the title
 */
/** @typedef {{parts: string[], query: URLSearchParams, again: () => Promise<void>}} Place */

/** @type {Record<string, (place: Place) => Promise<Screen>>} */
const SCREENS = { accueil: home, "a-faire": dashboard, livrets: board, livret: booklet, fiche: sheet };

const OTHER_ROLES = "Cet exemple a des écrans pour les candidats, les tuteurs et les coordinateurs. Pour votre rôle, l'API répond, mais il n'y a pas d'écran ici.";

const main = /** @type {HTMLElement} */ (document.getElementById("screen"));
const navigation = /** @type {HTMLElement} */ (document.getElementById("navigation"));
let shown = 0;
let isFirst = true;

/** Shows the screen of the address; an older one that answers later is not shown any more. */
async function show() {
  const turn = ++shown;
  const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [name = "", ...parts] = path.split("/");
  main.setAttribute("aria-busy", "true");
  const screen = await screenOf(name, { parts, query: new URLSearchParams(query), again: show });
  if (turn !== shown) return;
  document.title = `${screen.title} – Livret`;
  const title = h("h1", { id: "title", tabindex: "-1" }, screen.title);
  main.replaceChildren(title, ...screen.content.filter((child) => child !== null && child !== false));
  main.removeAttribute("aria-busy");
  navigate(name);
  const heading = document.getElementById(screen.focus ?? "title") ?? title;
  // Whoever arrives begins at the top; whoever goes on is told where they are now.
  if (!isFirst) heading.focus();
  if (screen.focus) heading.scrollIntoView();
  isFirst = false;
}

/** @param {string} name @param {Place} place @returns {Promise<Screen>} */
async function screenOf(name, place) {
  const somebody = me();
  if (!somebody) return signInScreen(show);
  const ways = WAYS[somebody.role];
  if (!ways) return { title: "Bonjour", content: [h("p", {}, OTHER_ROLES)] };
  const asked = SCREENS[name] ?? SCREENS[ways[0]?.[0] ?? ""] ?? home;
  try {
    return await asked(place);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.problem.status === 401) {
      refuse("Votre connexion a expiré. Connectez-vous de nouveau.");
      return signInScreen(show);
    }
    const retry = h("button", { type: "button", click: () => void show() }, "Réessayer");
    return { title: "Cette page ne peut pas s'afficher", content: [h("p", {}, error.message), retry] };
  }
}

/** @param {string} name of the screen that is shown */
function navigate(name) {
  const somebody = me();
  navigation.hidden = !somebody;
  if (!somebody) return;
  const ways = WAYS[somebody.role] ?? [];
  const links = ways.map(([way, text], index) => {
    const isHere = way === name || (index === 0 && !SCREENS[name]);
    return h("li", {}, h("a", { href: `#/${way}`, "aria-current": isHere && "page" }, text));
  });
  const leave = h("button", { type: "button", class: "quiet", click: () => void signOutHere() }, "Me déconnecter");
  const who = h("li", { class: "who" }, `${somebody.given_name} ${somebody.family_name} `, leave);
  navigation.replaceChildren(h("ul", {}, links, who));
}

async function signOutHere() {
  await signOut();
  say("La session est fermée.");
  // Whoever comes next begins anew.
  history.replaceState(null, "", location.pathname);
  await show();
}

document.getElementById("skip")?.addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
addEventListener("hashchange", () => {
  say("");
  void show();
});
await show();
