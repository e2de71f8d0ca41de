/**
 * Remembers the seat that somebody has in the meeting of this page: for a reload of the same tab, and for a new tab
 * after a crash. It does not know whether the seat is still held.
 */

import { inHex } from "./hex.js";
import { recall, remember } from "./storage.js";

/** So long the server honours a token. */
const GOOD_FOR_MS = 24 * 3600 * 1000;
const MOST_SEATS = 8;
const KEY_BYTES = 8;

/** @typedef {{token: string, displayName: string, isMuted: boolean, hasCamera: boolean}} Seat as it was left */

export class SeatMemory {
  #key;
  #kept = "";

  /** @param {string|null} key of the meeting; null remembers nothing */
  constructor(key) {
    this.#key = key;
  }

  /**
   * @returns {Promise<SeatMemory>} for the address of this page, which it does not store: it has the access key in it
   */
  static async here() {
    // A page that came without TLS has no digests, and no microphone either.
    if (!globalThis.crypto.subtle) return new SeatMemory(null);
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(location.pathname));
    return new SeatMemory(inHex(new Uint8Array(digest).slice(0, KEY_BYTES)));
  }

  /** @returns {Seat|null} that this tab had when it was reloaded */
  get ofThisTab() {
    const isReloaded = performance.getEntriesByType("navigation")[0]?.type === "reload";
    // Whoever follows a link into a meeting looks into the glass first, even where they have been before.
    return isReloaded ? this.#recall("sessionStorage") : null;
  }

  /** @returns {Seat|null} that any tab of this browser had */
  get ofThisBrowser() {
    return this.#recall("localStorage");
  }

  /** @param {Seat} seat */
  keep(seat) {
    const text = JSON.stringify(seat);
    if (text === this.#kept) return;
    this.#kept = text;
    this.#put("sessionStorage", seat);
    this.#put("localStorage", seat);
  }

  /** This tab has no claim any more; another one of this browser may. */
  forgetInThisTab() {
    this.#kept = "";
    this.#put("sessionStorage", null);
  }

  /** Nobody at this browser has a claim any more. */
  forget() {
    this.forgetInThisTab();
    this.#put("localStorage", null);
  }

  #recall(area) {
    const seat = seatsIn(area)[this.#key];
    return typeof seat?.token === "string" ? seat : null;
  }

  #put(area, seat) {
    if (this.#key === null) return;
    const oldest = Date.now() - GOOD_FOR_MS;
    const others = Object.entries(seatsIn(area)).filter(([key, { keptAt }]) => key !== this.#key && keptAt > oldest);
    const own = seat === null ? [] : [[this.#key, { ...seat, keptAt: Date.now() }]];
    remember("seats", JSON.stringify(Object.fromEntries([...others, ...own].slice(-MOST_SEATS))), area);
  }
}

function seatsIn(area) {
  try {
    return JSON.parse(recall("seats", area)) ?? {};
  } catch {
    return {};
  }
}
