// The items of an action sheet: saying what became of one, and writing a new one.
import { got } from "../client.js";
import { choice, field, h } from "../dom.js";
import { api, me } from "../session.js";
import { choices } from "../words.js";
import { attempt } from "./attempt.js";

/** @typedef {import("../client.js").Schemas} Schemas */
/** @typedef {() => Promise<unknown>} Refresh */

/** Says on this sheet that something is done; what is late says why. @param {Schemas["ActionSheet"]} sheet @param {Schemas["CarriedItem"]} item @param {Refresh} refresh */
export function answerForm(sheet, item, refresh) {
  const isLate = item.due_on !== null && item.due_on < sheet.appointment_on;
  const reason = h("input", { name: "reason", maxlength: 2000, required: isLate });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const body = { sheet_id: sheet.id, state: /** @type {const} */ ("done"), ...(reason.value ? { reason: reason.value } : {}) };
    const params = { path: { id: item.id }, header: { "If-Match": item.etag } };
    void attempt(() => got(api.POST("/v1/sheet-items/{id}/settle", { params, body })), `C'est noté comme fait : ${item.label}`, refresh, "avant");
  };
  const done = h("button", { "aria-label": `C'est fait : ${item.label}` }, "C'est fait");
  return h("form", { class: "inline", submit }, isLate && field("Pourquoi en retard ?", reason), done);
}

/** Writes something for the next appointment. @param {Schemas["ActionSheet"]} sheet @param {Refresh} refresh */
export function addForm(sheet, refresh) {
  const text = h("input", { name: "label", maxlength: 2000, required: true });
  const kind = choice("kind", choices("ItemKind"), "document");
  const owners = choices("Party").filter(([party]) => me()?.role !== "candidate" || party === "candidate");
  const owner = choice("owner", owners, "candidate");
  const due = h("input", { type: "date", name: "due_on", value: sheet.next_appointment_on });
  // Sent twice under one key, it is written once.
  const key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const body = {
      label: text.value,
      kind: /** @type {Schemas["ItemKind"]} */ (kind.value),
      owner: /** @type {Schemas["Party"]} */ (owner.value),
      due_on: due.value || null,
    };
    const params = { path: { id: sheet.id }, header: { "Idempotency-Key": key } };
    void attempt(() => got(api.POST("/v1/action-sheets/{id}/items", { params, body })), `C'est ajouté : ${body.label}`, refresh, "ensuite");
  };
  return h(
    "form",
    { class: "add", submit, "aria-label": "Ajouter une chose à faire" },
    field("Ce qu'il y a à faire", text),
    field("Genre", kind),
    field("Par qui", owner),
    field("Pour le", due),
    h("button", {}, "Ajouter"),
  );
}
