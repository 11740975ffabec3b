// « Livret » : the whole booklet, page by page as on paper. One call.
import { got } from "../client.js";
import { aside, facts, h, list } from "../dom.js";
import { api } from "../session.js";
import { count, day, label, moment, phone } from "../words.js";

/** @typedef {import("../client.js").Schemas} Schemas */
/** @typedef {import("../dom.js").Child} Child */

/** @param {import("../main.js").Place} place @returns {Promise<import("../main.js").Screen>} */
export async function booklet({ parts: [id = "", part] }) {
  const full = await got(api.GET("/v1/booklets/{id}/full", { params: { path: { id } } }));
  const { booklet, candidate, contracts, objectives, plan, stages, personal_contacts, appointments, action_sheets, notes } = full;
  /** @type {[string, string, Child[]][]} */
  const pages = [
    ["contrat", "Contrat", contracts.map(contract)],
    ["objectifs", "Objectifs", objectives.map(objective)],
    ["plan", "Plan", plan.steps.map(step)],
    ["etapes", "Étapes de la VAE", stages.map(stage)],
    ["contacts", "Personnes à contacter", personal_contacts.map(contact)],
    ["rendez-vous", "Rendez-vous", appointments.map(appointment)],
    ["fiches", "Fiches action", action_sheets.map(sheet)],
    ["bilan", "Ce qui a été fait", full.completed_actions.map(completed)],
    ["suivi", "Suivi", full.follow_ups.map(followUp)],
    ["notes", "Notes", notes.map(note)],
  ];
  return {
    title: `Livret de ${candidate.given_name} ${candidate.family_name}`,
    content: [
      facts([
        ["Certification", booklet.certification?.label ?? "pas encore choisie"],
        ["État", label("BookletState", booklet.state)],
        ["Plan", label("PlanState", plan.state)],
        ["Accompagnement", full.members.map((member) => `${member.given_name} ${member.family_name} (${label("MemberKind", member.kind).toLowerCase()})`).join(", ")],
        ["Ouvert le", day(booklet.opened_on)],
        ["Fin prévue le", booklet.target_closing_on ? day(booklet.target_closing_on) : null],
      ]),
      h("p", {}, "Choisissez une page pour l'ouvrir."),
      ...pages.map(([name, title, lines]) => page(name, title, lines, name === part)),
    ],
    ...(pages.some(([name]) => name === part) ? { focus: /** @type {string} */ (part) } : {}),
  };
}

/** A page that opens where its title is chosen. @param {string} name @param {string} title @param {Child[]} lines @param {boolean} isOpen */
function page(name, title, lines, isOpen) {
  const many = h("span", { class: "many" }, lines.length === 0 ? "vide" : count(lines.length, "ligne"));
  return h("details", { open: isOpen }, h("summary", { id: name }, h("h2", {}, title), " ", many), list(lines, "Rien n'est encore écrit."));
}

/** What it is, and in small what is to be known of it. @param {Child} what @param {Child[]} known @param {(string | null)[]} more */
function card(what, known, ...more) {
  const texts = more.filter((text) => text !== null && text !== "");
  return h("div", {}, h("p", { class: "what" }, what), aside(known), texts.map((text) => h("p", { class: "text" }, text)));
}

/** @param {boolean} isLate */
function late(isLate) {
  return isLate && h("strong", { class: "late" }, "en retard");
}

/** @param {Schemas["Contract"]} contract */
function contract({ number, state, starts_on, ends_on, signatures }) {
  const signed = signatures.map(({ signer_name, party }) => `${signer_name} (${label("Party", party).toLowerCase()})`).join(", ");
  const from = starts_on ? `du ${day(starts_on)} au ${day(ends_on)}` : `jusqu'au ${day(ends_on)}`;
  return card(`Contrat n° ${number}`, [label("ContractState", state), from], signed ? `Signé par ${signed}` : "Pas encore signé");
}

/** @param {Schemas["Objective"]} objective */
function objective({ statement, kind, state, due_on }) {
  return card(statement, [label("ObjectiveKind", kind), label("ObjectiveState", state), due_on && `pour le ${day(due_on)}`]);
}

/** @param {Schemas["PlanStep"]} step */
function step({ label: text, objective, state, planned_to, done_on, overdue, variance_reason }) {
  const when = done_on ? `faite le ${day(done_on)}` : planned_to && `pour le ${day(planned_to)}`;
  return card(text, [label("StepState", state), when, late(overdue)], objective, variance_reason);
}

/** @param {Schemas["Stage"]} stage */
function stage({ label: text, state, completed_on, comment }) {
  return card(text, [label("StageState", state), completed_on && `le ${day(completed_on)}`], comment);
}

/** @param {Schemas["PersonalContact"]} contact */
function contact({ name, category, function: role, phone: number, email, comment }) {
  const call = number && h("a", { href: `tel:${number}` }, phone(number));
  const write = email && h("a", { href: `mailto:${email}` }, email);
  return card(name, [role ?? label("AddressCategory", category), call, write], comment);
}

/** @param {Schemas["Appointment"]} appointment */
function appointment({ starts_at, timezone, kind, mode, place, state }) {
  const words = [label("AppointmentState", state), label("AppointmentKind", kind), label("AppointmentMode", mode), place];
  return card(moment(starts_at, timezone), words);
}

/** @param {Schemas["ActionSheet"]} sheet */
function sheet({ id, number, appointment_on, state, to_do, summary }) {
  const link = h("a", { href: `#/fiche/${id}` }, `Fiche action n° ${number}`);
  // A sheet that is locked shows its items as they were then.
  const open = state === "locked" ? 0 : to_do.filter((item) => item.state === "planned").length;
  return card(link, [`rendez-vous du ${day(appointment_on)}`, label("SheetState", state), open > 0 && `${count(open, "chose")} à faire`], summary);
}

/** @param {Schemas["CompletedAction"]} action */
function completed({ description, done_on, author }) {
  return card(description, [`le ${day(done_on)}`, author?.name ?? null]);
}

/** @param {Schemas["FollowUp"]} followUp */
function followUp({ contacted_on, contact_mode, comment, author }) {
  return card(day(contacted_on), [label("ContactMode", contact_mode), author?.name ?? null], comment);
}

/** @param {Schemas["Note"]} note */
function note({ body, visibility, author, created_at }) {
  return card(author?.name ?? "Note", [moment(created_at), label("Visibility", visibility)], body);
}
