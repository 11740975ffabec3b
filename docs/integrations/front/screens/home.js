// « Accueil du candidat » : what is next, what there is to do, whom to call. Two calls.
import { got } from "../client.js";
import { facts, h, list, section } from "../dom.js";
import { api, me } from "../session.js";
import { count, day, label, moment, phone } from "../words.js";
import { shown } from "./dashboard.js";

/** @typedef {import("../client.js").Schemas} Schemas */

/** @returns {Promise<import("../main.js").Screen>} */
export async function home() {
  const [booklets, toDo] = await Promise.all([
    got(api.GET("/v1/booklets", { params: { query: { include: ["summary"], limit: 5, sort: "-opened_on" } } })),
    got(api.GET("/v1/to-do", { params: { query: { waiting_for: "me", limit: 10 } } })),
  ]);
  const mine = booklets.items.map(booklet);
  return {
    title: `Bonjour ${me()?.given_name ?? ""}`,
    content: [
      section("a-faire", "Ce que vous avez à faire", list(toDo.items.map(shown), "Rien pour le moment.")),
      ...(mine.length > 0 ? mine : [h("p", {}, "Votre livret n'est pas encore ouvert.")]),
    ],
  };
}

/** @param {Schemas["Booklet"]} booklet */
function booklet({ id, certification, state, summary }) {
  const tutor = summary?.tutor;
  const plan = summary?.plan;
  const progress = plan && plan.total > 0 && `${count(plan.done, "étape faite", "étapes faites")} sur ${plan.total}`;
  return section(
    `livret-${id}`,
    certification?.label ?? "Votre livret",
    facts([
      ["Prochain rendez-vous", summary?.next_appointment_at ? moment(summary.next_appointment_at) : "Aucun pour le moment"],
      ["Livret", label("BookletState", state)],
      ["Plan", progress ?? null],
      ["Contrat", summary?.contract ? `jusqu'au ${day(summary.contract.ends_on)}` : "pas encore"],
    ]),
    h("p", {}, h("a", { class: "button", href: `#/livret/${id}` }, "Ouvrir mon livret")),
    tutor ? h("h3", {}, "La personne qui vous accompagne") : null,
    tutor ? h("p", { class: "what" }, tutor.name) : null,
    tutor ? facts(ways(tutor)) : null,
  );
}

/** How to reach somebody. @param {Schemas["Contact"]} contact @returns {[string, import("../dom.js").Child][]} */
export function ways({ phone: number, email }) {
  return [
    ["Téléphone", number ? h("a", { href: `tel:${number}` }, phone(number)) : null],
    ["Courriel", email ? h("a", { href: `mailto:${email}` }, email) : null],
  ];
}
