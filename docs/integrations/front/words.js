// What people read: the words of the API by its labels, days and times, telephone numbers.
import { labels } from "./session.js";

/** What the API's word is called. @param {string} name of its list, as in the API document @param {string} value */
export function label(name, value) {
  const group = labels().find((group) => group.name === name);
  return group?.values.find((word) => word.value === value)?.label ?? value;
}

/** All words of a list with what they are called. @param {string} name @returns {[string, string][]} */
export function choices(name) {
  const group = labels().find((group) => group.name === name);
  return (group?.values ?? []).map(({ value, label }) => [value, label]);
}

/** @type {Intl.DateTimeFormatOptions} */
const DAY = { day: "numeric", month: "long", year: "numeric" };
/** @type {Intl.DateTimeFormatOptions} */
const TIME = { hour: "numeric", minute: "2-digit" };

/** A day, such as `2026-12-07`. @param {string} date @param {boolean} [isShort] as in a table */
export function day(date, isShort = false) {
  /** @type {Intl.DateTimeFormatOptions} */
  const shown = { ...DAY, timeZone: "UTC", ...(isShort ? { month: "short" } : {}) };
  return new Intl.DateTimeFormat("fr-FR", shown).format(new Date(`${date}T12:00:00Z`));
}

/**
 * An instant, as the clocks show it in that place; without one, where the reader is.
 * @param {string} instant
 * @param {string} [zone]
 * @param {boolean} [isShort] as in a table
 */
export function moment(instant, zone, isShort = false) {
  /** @type {Intl.DateTimeFormatOptions} */
  const length = isShort ? { month: "short" } : { weekday: "long" };
  const shown = { ...DAY, ...TIME, ...length, ...(zone ? { timeZone: zone } : {}) };
  return new Intl.DateTimeFormat("fr-FR", shown).format(new Date(instant));
}

/** A telephone number as people say it. @param {string} number */
export function phone(number) {
  const french = /^\+33([1-9])(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(number);
  return french ? `0${french.slice(1).join(" ")}` : number;
}

/** `1 étape`, `3 étapes`. @param {number} many @param {string} one @param {string} [several] */
export function count(many, one, several = `${one}s`) {
  return `${many} ${many > 1 ? several : one}`;
}
