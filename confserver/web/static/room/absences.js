/**
 * Who of the others has been reconnecting for so long that it deserves a word. A reloaded page is back before anybody
 * would look up, and what only flickers disturbs.
 */

const UNNOTICED_MS = 500;

/** Event: `change` (`missed` has changed by itself). */
export class Absences extends EventTarget {
  /** @type {Set<string>} ids of participants */
  missed = new Set();
  #timers = new Map();

  /** @param {Iterable<import("./room_state.js").Participant>} participants everybody, as they are now */
  follow(participants) {
    const away = new Set([...participants].filter((one) => one.is_reconnecting).map((one) => one.id));
    for (const id of [...this.#timers.keys()].filter((id) => !away.has(id))) this.#forget(id);
    for (const id of [...away].filter((id) => !this.#timers.has(id)))
      this.#timers.set(
        id,
        setTimeout(() => this.#miss(id), UNNOTICED_MS),
      );
  }

  #miss(id) {
    this.missed = new Set(this.missed).add(id);
    this.dispatchEvent(new Event("change"));
  }

  #forget(id) {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.missed = new Set([...this.missed].filter((one) => one !== id));
  }
}
