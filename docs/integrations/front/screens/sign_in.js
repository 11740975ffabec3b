// Signing in. Where accounts.json is, as in the demo, its accounts are offered as buttons.
import { Refusal } from "../client.js";
import { field, h, refuse, say, section } from "../dom.js";
import { page, signIn } from "../session.js";
import { WAYS } from "../ways.js";

/** @typedef {{name: string, role: string, email: string, password: string}} Account */

/** @param {() => Promise<void>} next what comes once somebody is signed in @returns {Promise<import("../main.js").Screen>} */
export async function signInScreen(next) {
  const email = h("input", { type: "email", name: "email", autocomplete: "username", required: true, maxlength: 254 });
  const password = h("input", { type: "password", autocomplete: "current-password", required: true, maxlength: 128 });

  /** @param {string} address @param {string} secret */
  async function enter(address, secret) {
    try {
      await signIn(address, secret);
      say("");
      await next();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refuse(error.message);
      email.focus();
    }
  }

  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void enter(email.value, password.value);
  };
  const form = h(
    "form",
    { submit },
    field("Adresse électronique", email),
    field("Mot de passe", password),
    h("button", {}, "Me connecter"),
    h("p", {}, h("a", { href: page("forgotten-password") }, "J'ai oublié mon mot de passe")),
  );
  const accounts = await demoAccounts();
  const buttons = accounts.map(({ name, email, password }) =>
    h("li", {}, h("button", { type: "button", class: "quiet", click: () => void enter(email, password) }, `Entrer : ${name}`)),
  );
  const demo = accounts.length > 0 && section("demo", "Essayer avec un compte de démonstration", h("ul", { class: "buttons" }, buttons));
  return { title: "Connexion", content: [form, demo] };
}

/** Those for whom there is a screen. @returns {Promise<Account[]>} */
async function demoAccounts() {
  const answer = await fetch("accounts.json").catch(() => null);
  /** @type {Account[]} */
  const all = answer?.ok ? await answer.json() : [];
  return all.filter(({ role }) => role in WAYS);
}
