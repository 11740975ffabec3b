// « Suivi des livrets » : one line a booklet, with names, last contact and what is late. Three calls, however many there are.
import { got } from "../client.js";
import { choice, field, h, list } from "../dom.js";
import { api } from "../session.js";
import { choices, count, day, label, moment, phone } from "../words.js";

/** @typedef {import("../client.js").Schemas} Schemas */
/** @typedef {NonNullable<NonNullable<import("../client.js").paths["/v1/booklets"]["get"]["parameters"]["query"]>>} Asked */

/** @type {[NonNullable<Asked["sort"]>, string][]} */
const ORDERS = [
  ["last_contact_on", "Le contact le plus ancien d'abord"],
  ["name", "Le nom du candidat"],
  ["next_appointment_at", "Le prochain rendez-vous"],
  ["contract_ends_on", "La fin du contrat"],
  ["-last_activity_at", "Le changement le plus récent d'abord"],
];
const MOST = 25;
const NAMES = ["q", "etat", "tuteur", "retard", "ordre"];

/** @param {import("../main.js").Place} place @returns {Promise<import("../main.js").Screen>} */
export async function board({ query }) {
  const asked = (/** @type {string} */ name) => query.get(name) ?? "";
  const order = ORDERS.find(([value]) => value === asked("ordre"))?.[0] ?? "last_contact_on";
  const state = /** @type {Schemas["BookletState"]} */ (asked("etat"));
  /** @type {Asked} */
  const filter = {
    archived: false,
    ...(asked("q") ? { q: asked("q") } : {}),
    ...(state ? { state: [state] } : {}),
    ...(asked("tuteur") ? { tutor_id: [asked("tuteur")] } : {}),
    ...(asked("retard") ? { overdue: true } : {}),
  };
  const after = asked("suite");
  const portion = { include: /** @type {["summary"]} */ (["summary"]), sort: order, limit: MOST, ...(after ? { after } : {}) };
  const [page, counts, tutors] = await Promise.all([
    got(api.GET("/v1/booklets", { params: { query: { ...filter, ...portion } } })),
    got(api.GET("/v1/booklets/counts", { params: { query: { ...filter, group_by: "state" } } })),
    got(api.GET("/v1/booklets/counts", { params: { query: { archived: false, group_by: "tutor" } } })),
  ]);
  const next = new URLSearchParams({ ...Object.fromEntries(query), suite: page.next ?? "" });
  const groups = counts.groups.map(({ key, count }) => h("li", {}, `${label("BookletState", key ?? "")} : ${count}`));
  return {
    title: "Suivi des livrets",
    content: [
      filters(asked, order, tutors),
      h("p", { class: "lead" }, told(counts)),
      h("ul", { class: "tags" }, groups),
      page.items.length > 0 ? table(page.items) : list([], "Aucun livret ne correspond."),
      page.next !== null && h("p", {}, h("a", { class: "button", href: `#/livrets?${next}` }, "Livrets suivants")),
    ],
  };
}

/** @param {Schemas["BookletCounts"]} counts */
function told({ total, overdue }) {
  return overdue > 0 ? `${count(total, "livret")}, dont ${overdue} en retard.` : `${count(total, "livret")}. Aucun n'est en retard.`;
}

/** @param {(name: string) => string} asked @param {string} order @param {Schemas["BookletCounts"]} tutors */
function filters(asked, order, tutors) {
  /** @type {[string, string][]} */
  const people = tutors.groups.map(({ key, name }) => [key ?? "", name ?? "?"]);
  const late = h("input", { type: "checkbox", name: "retard", value: "oui", checked: asked("retard") !== "" });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const filled = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    const kept = NAMES.map((name) => [name, String(filled.get(name) ?? "")]).filter(([, value]) => value !== "");
    location.hash = `#/livrets?${new URLSearchParams(kept)}`;
  };
  return h(
    "form",
    { class: "filter", role: "search", submit },
    field("Nom, certification ou numéro", h("input", { type: "search", name: "q", maxlength: 200, value: asked("q") })),
    field("État", choice("etat", [["", "Tous"], ...choices("BookletState")], asked("etat"))),
    field("Tuteur", choice("tuteur", [["", "Tous"], ...people], asked("tuteur"))),
    field("Ordre", choice("ordre", ORDERS, order)),
    h("label", { class: "check" }, late, " En retard seulement"),
    h("button", {}, "Afficher"),
  );
}

const COLUMNS = ["Candidat", "Tuteur", "État", "Dernier contact", "Prochain rendez-vous", "Fin du contrat", "À rattraper"];

/**
 * A table; on a telephone each line is a card. The roles keep it a table for screen readers there too.
 * @param {Schemas["Booklet"][]} booklets
 */
function table(booklets) {
  const head = h("tr", { role: "row" }, COLUMNS.map((name) => h("th", { role: "columnheader", scope: "col" }, name)));
  return h(
    "table",
    { role: "table", "aria-label": "Livrets" },
    h("thead", { role: "rowgroup" }, head),
    h("tbody", { role: "rowgroup" }, booklets.map(line)),
  );
}

/** @param {Schemas["Booklet"]} booklet */
function line({ id, state, summary }) {
  const candidate = summary?.candidate;
  const number = candidate?.phone;
  const late = summary && summary.overdue > 0 && h("strong", { class: "late" }, `${summary.overdue} en retard`);
  const waiting = summary && summary.to_validate > 0 && ` ${count(summary.to_validate, "fiche")} à valider`;
  /** @type {import("../dom.js").Child[][]} */
  const cells = [
    [h("a", { href: `#/livret/${id}` }, candidate?.name ?? "Livret"), number ? h("br") : null, number ? h("a", { class: "number", href: `tel:${number}` }, phone(number)) : null],
    [summary?.tutor?.name ?? "–"],
    [label("BookletState", state)],
    [summary ? day(summary.last_contact_on, true) : "–"],
    [summary?.next_appointment_at ? moment(summary.next_appointment_at, undefined, true) : "–"],
    [summary?.contract ? day(summary.contract.ends_on, true) : "–"],
    late || waiting ? [late ?? null, waiting ?? null] : ["–"],
  ];
  return h("tr", { role: "row" }, cells.map((cell, index) => h("td", { role: "cell", "data-label": COLUMNS[index] ?? "" }, cell)));
}
