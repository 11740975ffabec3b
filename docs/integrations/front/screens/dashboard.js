// « Tableau de bord » : what there is to do across all booklets, and who is met next. Three calls.
import { got } from "../client.js";
import { aside, choice, field, h, list, section } from "../dom.js";
import { api, me } from "../session.js";
import { count, day, label, moment } from "../words.js";

/** @typedef {import("../client.js").Schemas} Schemas */

const WHOSE = /** @type {const} */ ({
  me: "Ce qui m'attend",
  candidate: "Ce que j'attends des candidats",
  all: "Tout",
});
const MOST = 30;

/** @param {import("../main.js").Place} place @returns {Promise<import("../main.js").Screen>} */
export async function dashboard({ query }) {
  const whose = query.get("pour") === "candidats" ? "candidate" : query.get("pour") === "tous" ? "all" : "me";
  /** @type {{waiting_for?: "me" | "candidate"}} */
  const waiting = whose === "all" ? {} : { waiting_for: whose };
  const after = query.get("suite");
  const [counts, page, meetings] = await Promise.all([
    got(api.GET("/v1/to-do/counts", { params: { query: waiting } })),
    got(api.GET("/v1/to-do", { params: { query: { ...waiting, limit: MOST, ...(after ? { after } : {}) } } })),
    got(
      api.GET("/v1/appointments", {
        params: {
          query: { from: new Date().toISOString(), state: ["planned"], sort: "starts_at", limit: 5, include: ["booklet.candidate"] },
        },
      }),
    ),
  ]);
  const late = page.items.filter((item) => item.overdue);
  const coming = page.items.filter((item) => !item.overdue && item.due_on !== null);
  const undated = page.items.filter((item) => !item.overdue && item.due_on === null);
  const kinds = counts.by_kind.map((kind) => h("li", {}, `${kind.label} : ${kind.count}`));
  const next = new URLSearchParams({ ...Object.fromEntries(query), suite: page.next ?? "" });
  return {
    title: "Tableau de bord",
    content: [
      h("p", { class: "lead" }, told(counts)),
      h("ul", { class: "tags" }, kinds),
      chooser(whose),
      section("retard", "En retard", list(late.map(shown), "Rien n'est en retard.")),
      section("venir", "À venir", list(coming.map(shown), "Rien n'est prévu.")),
      undated.length > 0 && section("sans-date", "Sans date", list(undated.map(shown), "")),
      page.next !== null && h("p", {}, h("a", { href: `#/a-faire?${next}` }, "Voir la suite")),
      section("rendez-vous", "Prochains rendez-vous", list(meetings.items.map(meeting), "Aucun rendez-vous n'est prévu.")),
    ],
  };
}

/** @param {Schemas["ToDoCounts"]} counts */
function told({ total, overdue, complete }) {
  if (total === 0) return "Il n'y a rien à faire pour le moment.";
  const many = `${complete ? "" : "Au moins "}${count(total, "chose")} à faire`;
  return overdue > 0 ? `${many}, dont ${overdue} en retard.` : `${many}. Rien n'est en retard.`;
}

/** @param {keyof WHOSE} whose */
function chooser(whose) {
  const select = choice("pour", Object.entries(WHOSE), whose);
  const words = { me: "moi", candidate: "candidats", all: "tous" };
  const change = (/** @type {Event} */ event) => {
    event.preventDefault();
    location.hash = `#/a-faire?pour=${words[/** @type {keyof WHOSE} */ (select.value)]}`;
  };
  return h("form", { class: "filter", submit: change }, field("Montrer", select), h("button", {}, "Afficher"));
}

/** Something to do, with the way to where it is done. @param {Schemas["ToDo"]} item */
export function shown(item) {
  const kind = label("ToDoKind", item.kind);
  // What an action sheet asks for is said in its own words.
  const isPlain = item.kind === "sheet_item" || item.label.startsWith(kind);
  const what = isPlain ? item.label : `${kind} : ${item.label}`;
  const href = item.resource === "action_sheet" ? `#/fiche/${item.resource_id}` : item.booklet_id && `#/livret/${item.booklet_id}/${where(item.resource)}`;
  return h(
    "div",
    {},
    h("p", { class: "what" }, href ? h("a", { href }, what) : what),
    aside([
      me()?.role === "candidate" ? null : (item.candidate?.name ?? null),
      item.due_on && `pour le ${day(item.due_on)}`,
      item.overdue && h("strong", { class: "late" }, "en retard"),
    ]),
  );
}

/** The part of the booklet that something belongs to. @param {string} resource */
function where(resource) {
  const parts = { contract: "contrat", plan: "plan", plan_step: "plan", sheet_item: "fiches", appointment: "rendez-vous" };
  return resource in parts ? parts[/** @type {keyof typeof parts} */ (resource)] : "";
}

/** @param {Schemas["Appointment"]} appointment */
function meeting({ starts_at, timezone, mode, place, booklet, booklet_id }) {
  const candidate = booklet?.candidate;
  const name = candidate ? `${candidate.given_name} ${candidate.family_name}` : "Livret";
  return h(
    "div",
    {},
    h("p", { class: "what" }, h("a", { href: `#/livret/${booklet_id}/rendez-vous` }, name)),
    aside([moment(starts_at, timezone), label("AppointmentMode", mode), place]),
  );
}
