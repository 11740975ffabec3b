// One step on an action sheet: it is done, or it is told why not.
import { Refusal } from "../client.js";
import { refuse, say } from "../dom.js";

const STALE = "Quelqu'un d'autre a changé cette fiche entre-temps. Elle est montrée ici comme elle est maintenant : relisez-la, puis recommencez.";

/**
 * Does something, reads the sheet again, and says what came of it.
 * @param {() => Promise<unknown>} send
 * @param {string} done what is said then
 * @param {() => Promise<unknown>} refresh
 * @param {string} heading where the reader goes on
 */
export async function attempt(send, done, refresh, heading) {
  try {
    await send();
    await refresh();
    say(done);
    document.getElementById(heading)?.focus();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const isStale = error.problem.status === 412;
    if (isStale) await refresh();
    refuse(isStale ? STALE : told(error));
  }
}

/** The faults, where there are some: they say more than that there are some. @param {Refusal} refusal */
function told({ message, problem: { errors = [] } }) {
  return errors.length > 0 ? errors.map((fault) => fault.detail).join(" ") : message;
}
