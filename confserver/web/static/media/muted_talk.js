/**
 * Notices that somebody talks into a muted microphone. It hears levels, never words.
 */

const LOUD_DB = -42;
/** Half a second of speech within the last second: a cough or a key stroke is shorter. */
const WINDOW = 20;
const LOUD_NEEDED = 10;
const QUIET_AFTERWARDS_S = 12;

export class MutedTalk {
  #recent = [];
  #silentUntil = 0;

  /**
   * @param {number} levelDb
   * @param {number} now seconds
   * @returns {boolean} true when the person should be told now
   */
  hear(levelDb, now) {
    this.#recent.push(levelDb > LOUD_DB);
    if (this.#recent.length > WINDOW) this.#recent.shift();
    if (now < this.#silentUntil || this.#recent.filter(Boolean).length < LOUD_NEEDED) return false;
    this.#silentUntil = now + QUIET_AFTERWARDS_S;
    return true;
  }

  /** Forgets what was heard, since the microphone was opened. */
  reset() {
    this.#recent = [];
  }
}
