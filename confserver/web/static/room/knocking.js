/**
 * Asks for one person's seat: once, patiently after a loss, and from the waiting room, in which it keeps their place.
 * It knows nothing of what happens in the room.
 */

import { backoff, sleep } from "../net/backoff.js";
import { watchPath } from "../net/path.js";
import { Refused } from "../net/room_link.js";

/** Refusals that pass by themselves: after a loss the old seat may count until the server misses us. */
const PASSING = new Set(["full", "shutting_down", "unavailable"]);

/**
 * @param {Error} error of `ask`
 * @returns {boolean} whether the server has said no for good
 */
export function isFinal(error) {
  return error instanceof Refused && !PASSING.has(error.reason);
}

/** Event: `waiting` (detail: the message of docs/protocol.md): there is a place in the waiting room, no seat yet. */
export class Knocking extends EventTarget {
  /** What takes this seat again, "" without one. Whoever has it can sit here: it belongs into no log and no address. */
  seatToken;
  #link;
  #describe;
  #isWaiting = false;
  #search = new AbortController();

  /**
   * @param {import("../net/room_link.js").RoomLink} link
   * @param {() => Promise<object>} describe the fields of `join` at this moment
   * @param {string} seatToken
   */
  constructor(link, describe, seatToken) {
    super();
    this.#link = link;
    this.#describe = describe;
    this.seatToken = seatToken;
    link.addEventListener("waiting", ({ detail }) => {
      this.#isWaiting = true;
      this.seatToken = detail.seat_token;
      this.dispatchEvent(new CustomEvent("waiting", { detail }));
    });
  }

  /**
   * Asks once, and waits where that is the answer; a place in the waiting room outlives its connection.
   *
   * @returns {Promise<object>} the `welcome` message
   * @throws {import("../net/room_link.js").Refused|import("../net/room_link.js").RequestFailed} or "AbortError" of
   *   `stop`
   */
  async ask() {
    const { signal } = this.#begin();
    try {
      return await this.#ask(signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!this.#isWaiting || error instanceof Refused) throw error;
    }
    return this.askPatiently(false);
  }

  /**
   * The same, but goes on asking while what stands in the way may pass by itself.
   *
   * @param {boolean} isAtOnce the first time without a pause
   * @returns {Promise<object>} the `welcome` message
   * @throws {import("../net/room_link.js").Refused|import("../net/room_link.js").RequestFailed} or "AbortError" of
   *   `stop`
   */
  async askPatiently(isAtOnce) {
    const { signal } = this.#begin();
    let failure = null;
    for (const pauseS of isAtOnce ? [0, ...backoff()] : backoff()) {
      await sleep(Math.max(pauseS, failure?.retryAfterS ?? 0), signal);
      try {
        return await this.#ask(signal);
      } catch (error) {
        signal.throwIfAborted();
        if (isFinal(error)) throw error;
        failure = error;
      }
      // Who has waited for an hour does not give up for what was lost before that.
      if (this.#isWaiting) return this.askPatiently(false);
    }
    throw failure;
  }

  /** Nobody wants the seat any more, or not by this search. */
  stop() {
    this.#search.abort();
  }

  #begin() {
    this.stop();
    this.#search = new AbortController();
    return this.#search;
  }

  async #ask(signal) {
    this.#isWaiting = false;
    const seat = await this.#describe();
    signal.throwIfAborted();
    const token = this.seatToken === "" ? {} : { seat_token: this.seatToken };
    const attempt = new AbortController();
    // Without media nothing else tells that the connection has died with its network.
    watchPath(() => this.#isWaiting && this.#link.drop(), attempt.signal);
    try {
      const welcome = await this.#link.join({ ...seat, ...token });
      this.seatToken = welcome.seat_token;
      return welcome;
    } finally {
      attempt.abort();
    }
  }
}
