// The texts of an action sheet: read, or written. What somebody is writing is never lost, whoever else writes.
import { got, Refusal } from "../client.js";
import { facts, field, h, hint, refuse, say, section } from "../dom.js";
import { api } from "../session.js";
import { day } from "../words.js";

/** @typedef {import("../client.js").Schemas} Schemas */
/** @typedef {Pick<Schemas["ActionSheet"], "targeted_objectives" | "achieved_objectives" | "successes" | "difficulties" | "summary" | "next_appointment_on">} Texts */

/** @type {[keyof Texts, string][]} */
const FIELDS = [
  ["targeted_objectives", "Ce que nous voulions faire"],
  ["achieved_objectives", "Ce qui est atteint"],
  ["successes", "Ce qui a bien marché"],
  ["difficulties", "Ce qui a été difficile"],
  ["summary", "Bilan du rendez-vous"],
  ["next_appointment_on", "Prochain rendez-vous"],
];
const CHANGED = "Quelqu'un d'autre a changé cette fiche pendant que vous écriviez. Votre texte est toujours là, et rien n'est encore enregistré. Relisez ce qui a changé, puis enregistrez de nouveau.";

/**
 * @param {Schemas["ActionSheet"]} first as it was read
 * @param {boolean} isOpen whether it may be written
 * @param {() => Promise<Schemas["ActionSheet"]>} refresh reads it again
 */
export function pageForm(first, isOpen, refresh) {
  let base = first;
  const element = h("div");
  const controls = FIELDS.map(([name, text]) => {
    const isDay = name === "next_appointment_on";
    const control = isDay ? h("input", { type: "date" }) : h("textarea", { rows: 3, maxlength: 10000 });
    control.value = base[name] ?? "";
    return { name, text, control };
  });
  const form = h(
    "form",
    { submit: (event) => void save(event) },
    controls.map(({ text, control }) => field(text, control)),
    h("button", {}, "Enregistrer"),
  );

  /** Takes the sheet as it is now: fields that nobody has touched here follow it. @param {Schemas["ActionSheet"]} now @param {boolean} isOpen */
  function set(now, isOpen) {
    for (const { name, control } of controls) {
      const [was, is] = [base[name] ?? "", now[name] ?? ""];
      if (control.value === was) control.value = is;
      const isOther = is !== was && control.value !== is;
      hint(control, isOther ? `Dans la fiche, il y a maintenant : « ${is || "rien"} ».` : "", false);
    }
    base = now;
    const texts = facts(FIELDS.map(([name, text]) => [text, name === "next_appointment_on" ? now[name] && day(now[name]) : now[name]]));
    const content = isOpen ? form : texts;
    if (element.dataset["open"] === String(isOpen) && isOpen) return;
    element.dataset["open"] = String(isOpen);
    element.replaceChildren(section("textes", "Notre rendez-vous", content));
  }

  /** @param {Event} event */
  async function save(event) {
    event.preventDefault();
    for (const { control } of controls) hint(control, "", false);
    const touched = controls.filter(({ name, control }) => control.value !== (base[name] ?? ""));
    if (touched.length === 0) return say("Rien n'a changé : il n'y a rien à enregistrer.");
    const body = Object.fromEntries(touched.map(({ name, control }) => [name, control.value || null]));
    const params = { path: { id: base.id }, header: { "If-Match": base.etag } };
    try {
      // A patch says what it changes, and nothing else.
      const patch = /** @type {Schemas["ActionSheetInputPatch"]} */ (body);
      base = await got(api.PATCH("/v1/action-sheets/{id}", { params, body: patch }));
      say("C'est enregistré.");
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      await refused(error);
    }
  }

  /** @param {Refusal} refusal */
  async function refused({ message, problem }) {
    // 412: the version that was read is not the last any more.
    if (problem.status === 412) {
      await refresh();
      return refuse(CHANGED);
    }
    const faults = [];
    for (const { pointer, detail } of problem.errors ?? []) {
      const found = controls.find(({ name }) => pointer === `/${name}`);
      if (found) hint(found.control, detail, true);
      faults.push(found ? `${found.text} : ${detail}` : detail);
    }
    refuse(faults.length > 0 ? `Rien n'est enregistré. ${faults.join(" ")}` : message);
    controls.find(({ control }) => control.getAttribute("aria-invalid") === "true")?.control.focus();
  }

  set(first, isOpen);
  return { element, set };
}
