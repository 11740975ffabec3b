// Elements, made of text and never of HTML: what people wrote cannot become a part of the page.

/** @typedef {Node | string | null | false} Child */
/** @typedef {Record<string, string | number | boolean | null | ((event: Event) => void)>} Attributes */

/**
 * An element. A function among the attributes listens to the event of that name; null and false leave it out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes]
 * @param {...(Child | Child[])} children
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...present(children.flat()));
  return element;
}

/** @param {Child[]} children */
function present(children) {
  return children.filter((child) => child !== null && child !== false);
}

/** A part of a screen under its heading; `name` lets a link lead to it. @param {string} name @param {string} title @param {...(Child | Child[])} children */
export function section(name, title, ...children) {
  const heading = h("h2", { id: name, tabindex: "-1" }, title);
  return h("section", { "aria-labelledby": name }, heading, ...children);
}

/** What is to be known of something, in small, with dots between. @param {Child[]} children */
export function aside(children) {
  const known = children.filter((child) => child !== null && child !== false && child !== "");
  const said = known.flatMap((child, index) => (index === 0 ? [child] : [" · ", child]));
  return h("p", { class: "aside" }, said);
}

/** Names and what they stand for; those that stand for nothing are left out. @param {[string, Child][]} pairs */
export function facts(pairs) {
  const known = pairs.filter(([, value]) => value !== null && value !== false && value !== "");
  return h("dl", {}, known.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

/** A list, or a sentence when there is nothing in it. @param {Child[]} items @param {string} nothing */
export function list(items, nothing) {
  if (items.length === 0) return h("p", { class: "nothing" }, nothing);
  return h("ul", { class: "cards" }, items.map((item) => h("li", {}, item)));
}

let fields = 0;

/**
 * A field under its label. `control` gets an id, and hears of its hint.
 * @param {string} label
 * @param {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} control
 */
export function field(label, control) {
  fields += 1;
  control.id = `field-${fields}`;
  const hint = h("p", { class: "hint", id: `${control.id}-hint` });
  control.setAttribute("aria-describedby", hint.id);
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control, hint);
}

/** Says under a field what is to be known of it. @param {Element} control @param {string} text @param {boolean} isFault */
export function hint(control, text, isFault) {
  const place = document.getElementById(`${control.id}-hint`);
  if (place) place.textContent = text;
  if (isFault) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
}

/** @param {[string, string][]} choices values with their labels @param {string} chosen @param {string} name */
export function choice(name, choices, chosen) {
  const option = (/** @type {[string, string]} */ [value, label]) =>
    h("option", { value, selected: value === chosen }, label);
  return h("select", { name }, choices.map(option));
}

/** @param {string} id */
function live(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no #${id}`);
  return element;
}

/** Says that something went well; read aloud when there is a pause. @param {string} text */
export function say(text) {
  live("refused").replaceChildren();
  live("said").textContent = text;
}

/** Says at once that something was refused, and why. @param {string} text */
export function refuse(text) {
  live("said").textContent = "";
  live("refused").replaceChildren(h("p", {}, text));
  live("refused").scrollIntoView({ block: "nearest" });
}
