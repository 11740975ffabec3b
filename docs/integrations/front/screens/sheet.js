// « Fiche action » : what an appointment found and left to do. Two calls. What may be done is asked, not guessed.
import { got } from "../client.js";
import { aside, h, list, section } from "../dom.js";
import { api, me } from "../session.js";
import { day, label } from "../words.js";
import { attempt } from "./attempt.js";
import { addForm, answerForm } from "./items.js";
import { pageForm } from "./sheet_form.js";

/** @typedef {import("../client.js").Schemas} Schemas */
/** @typedef {{sheet: Schemas["ActionSheet"], actions: Schemas["PossibleAction"][]}} Read */

/** @param {string} id @returns {Promise<Read>} */
async function read(id) {
  const path = { id };
  const [sheet, actions] = await Promise.all([
    got(api.GET("/v1/action-sheets/{id}", { params: { path, query: { include: ["booklet.candidate"] } } })),
    got(api.GET("/v1/action-sheets/{id}/actions", { params: { path } })),
  ]);
  return { sheet, actions: actions.items };
}

/** @param {import("../main.js").Place} place @returns {Promise<import("../main.js").Screen>} */
export async function sheet({ parts: [id = ""] }) {
  let now = await read(id);
  const { number, booklet_id, appointment_on, booklet } = now.sheet;
  const candidate = booklet?.candidate;
  const items = h("div");
  const acts = h("div", { class: "acts" });
  const state = h("p", { class: "lead" });
  const may = (/** @type {string} */ name) => now.actions.some((action) => action.name === name && action.allowed);
  const form = pageForm(now.sheet, may("update_action_sheet"), refresh);

  /** Reads the sheet again, and shows it around the words that are being written. */
  async function refresh() {
    now = await read(id);
    draw();
    return now.sheet;
  }

  function draw() {
    const { sheet } = now;
    state.textContent = told(sheet);
    form.set(sheet, may("update_action_sheet"));
    const isMine = (/** @type {Schemas["SheetItem"]} */ item) => me()?.role !== "candidate" || item.owner === "candidate";
    const carried = sheet.carried_over.map((item) => {
      const isOpen = sheet.state === "draft" && item.answer === null && isMine(item);
      return h("div", {}, shown(item), isOpen && answerForm(sheet, item, refresh));
    });
    items.replaceChildren(
      section("avant", "Prévu pour ce rendez-vous", list(carried, "Rien n'était prévu.")),
      section("ensuite", "À faire pour la prochaine fois", list(sheet.to_do.map(shown), "Rien n'est noté."), may("create_sheet_item") && addForm(sheet, refresh)),
    );
    acts.replaceChildren(...now.actions.flatMap((action) => act(action, sheet)));
  }

  /** @param {Schemas["PossibleAction"]} action @param {Schemas["ActionSheet"]} sheet @returns {HTMLElement[]} */
  function act(action, { id, etag }) {
    const params = { path: { id }, header: { "If-Match": etag } };
    /** @type {Record<string, [string, string, () => Promise<unknown>]>} */
    const known = {
      submit_action_sheet: ["Proposer cette fiche", "La fiche est proposée.", () => got(api.POST("/v1/action-sheets/{id}/submit", { params }))],
      reopen_action_sheet: ["Reprendre cette fiche", "La fiche est de nouveau un brouillon.", () => got(api.POST("/v1/action-sheets/{id}/reopen", { params }))],
      validate_action_sheet: ["Valider cette fiche", "La fiche est validée.", () => got(api.POST("/v1/action-sheets/{id}/validate", { params }))],
    };
    const [text, done, send] = known[action.name] ?? [];
    if (!text || !send) return [];
    if (!action.allowed) {
      // Of what may be done later, the reason is told; what is over or not yet begun needs none.
      const isAwaited = now.sheet.state === "submitted" && action.code !== "invalid_transition";
      return isAwaited && action.reason ? [h("p", {}, `${text} : pas encore possible. ${action.reason}`)] : [];
    }
    const click = () => void attempt(send, done ?? "", refresh, "title");
    return [h("button", { type: "button", click }, text)];
  }

  draw();
  const name = candidate ? `de ${candidate.given_name} ${candidate.family_name}` : "";
  return {
    title: `Fiche action n° ${number}`,
    content: [
      h("p", {}, h("a", { href: `#/livret/${booklet_id}/fiches` }, `Retour au livret ${name}`), ` · rendez-vous du ${day(appointment_on)}`),
      state,
      items,
      form.element,
      acts,
    ],
  };
}

/** How far the sheet is. @param {Schemas["ActionSheet"]} sheet */
function told({ state, submitted_by }) {
  if (state === "draft") return "Cette fiche est un brouillon : elle peut encore changer.";
  if (state === "locked") return "Cette fiche est validée par les deux : elle ne change plus.";
  const isTutor = submitted_by === "tutor";
  if (isTutor && me()?.role === "candidate") return "Votre accompagnateur vous propose cette fiche. Lisez-la. Si elle est juste, validez-la.";
  return isTutor
    ? "L'accompagnateur propose cette fiche. Le candidat doit la lire et la valider."
    : "Le candidat propose cette fiche. L'accompagnateur doit la lire et la valider.";
}

/** @param {Schemas["SheetItem"] & {answer?: Schemas["Answer"] | null, answer_reason?: string | null}} item */
function shown({ kind, label: text, owner, due_on, state, overdue, answer, answer_reason }) {
  const is = answer ? label("Answer", answer) : label("ItemState", state);
  return h(
    "div",
    {},
    h("p", { class: "what" }, text),
    aside([
      label("ItemKind", kind),
      `qui : ${label("Party", owner).toLowerCase()}`,
      due_on && `pour le ${day(due_on)}`,
      is,
      overdue && h("strong", { class: "late" }, "en retard"),
    ]),
    answer_reason ? h("p", { class: "text" }, answer_reason) : null,
  );
}
