/**
 * Keeps one person in one room: the seat, the peer connection and what it sends, and both again after a loss. It shows
 * nothing and stores nothing.
 */

import { backoff, sleep } from "../net/backoff.js";
import { watchPath } from "../net/path.js";
import { Refused, RoomLink } from "../net/room_link.js";
import { Peer } from "../media/peer.js";
import { Absences } from "./absences.js";
import { LIMITS_S, nextPhase } from "./phases.js";
import { enteredRoom, nextState } from "./room_state.js";

/** Refusals that pass by themselves: after a loss the old seat may count until the server misses us. */
const PASSING_REFUSALS = new Set(["full", "shutting_down", "unavailable"]);
/** Failures of an offer that another connection may mend. */
const PASSING_FAILURES = new Set(["closed", "no_answer"]);
const MEDIA_INPUTS = { connected: "media_up", disconnected: "media_wavers", failed: "media_down" };
const FINAL_CLOSE_CODES = { 1000: "left", 4002: "removed", 4003: "ended", 4004: "replaced" };

/**
 * Events: `state`, `phase` (the properties of these names changed), `message` (detail: a message that changed the state
 * or asks for a word to the person), `slots` and `sound` (detail: lines, track), `over` (detail: why).
 */
export class RoomConnection extends EventTarget {
  /** @type {import("./room_state.js").RoomState|null} */
  state = null;
  phase = "connecting";
  /** What takes this seat again, "" without one. Whoever has it can sit here: it belongs into no log and no address. */
  seatToken;
  #link = new RoomLink();
  #peer = null;
  #told = null;
  #hasServerMedia = false;
  #absences = new Absences();
  #limit = 0;
  #search = new AbortController();
  #watch = new AbortController();

  /**
   * @param {import("../media/local_media.js").LocalMedia} media
   * @param {() => Promise<object>} describeSeat the fields of `join` that say who asks for what
   * @param {string} [seatToken] of a seat that this person had before
   */
  constructor(media, describeSeat, seatToken = "") {
    super();
    this.media = media;
    this.describeSeat = describeSeat;
    this.seatToken = seatToken;
    media.addEventListener("change", () => this.#publish());
    this.#link.addEventListener("message", (event) => this.#receive(event.detail));
    this.#link.addEventListener("closed", (event) => this.#linkClosed(event.detail));
    this.#absences.addEventListener("change", () => this.#update(this.state));
  }

  /** The requests of a host go to the server directly. */
  get link() {
    return this.#link;
  }

  /** Oneself as the server sees one. */
  get self() {
    return this.state.participants.get(this.state.selfId);
  }

  /**
   * Asks for a seat for the first time; may be called again after a refusal.
   *
   * @param {AbortSignal} [signal] nobody waits for it any more
   * @throws {import("../net/room_link.js").Refused|import("../net/room_link.js").RequestFailed}
   */
  async seat(signal) {
    const seat = await this.describeSeat();
    signal?.throwIfAborted();
    const own = { is_muted: this.media.isMuted, has_camera: this.media.camera !== null };
    const token = this.seatToken === "" ? {} : { seat_token: this.seatToken };
    this.#enter(await this.#link.join({ ...seat, ...token, ...own }), own);
  }

  /**
   * The same, but goes on asking while what stands in the way may pass by itself.
   *
   * @param {boolean} isAtOnce the first time without a pause
   * @throws {import("../net/room_link.js").Refused|import("../net/room_link.js").RequestFailed}
   */
  async seatPatiently(isAtOnce) {
    this.#search.abort();
    this.#search = new AbortController();
    const { signal } = this.#search;
    let failure = null;
    for (const pauseS of isAtOnce ? [0, ...backoff()] : backoff()) {
      await sleep(Math.max(pauseS, failure?.retryAfterS ?? 0), signal);
      try {
        return await this.seat(signal);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof Refused && !PASSING_REFUSALS.has(error.reason)) throw error;
        failure = error;
      }
    }
    throw failure;
  }

  /** Brings up the media once the page is ready to show them. */
  start() {
    watchPath(() => this.#handle("path_changed"), this.#watch.signal);
    this.#renewMedia();
  }

  /** Leaves for good. */
  leave() {
    this.#link.leave();
    this.#handle("over", "left");
  }

  #handle(input, reason) {
    const [action, next] = nextPhase(this.phase, input);
    if (next !== this.phase) this.#turnTo(next);
    if (action === "renewMedia") this.#renewMedia();
    else if (action === "restartIce") this.#restartIce();
    else if (action === "rejoin") this.#rejoin(false);
    else if (action === "rejoinAtOnce") this.#rejoin(true);
    else if (action === "finish") this.#finish(reason);
  }

  #turnTo(phase) {
    this.phase = phase;
    clearTimeout(this.#limit);
    if (phase in LIMITS_S) this.#limit = setTimeout(() => this.#runOut(), LIMITS_S[phase] * 1000);
    this.dispatchEvent(new Event("phase"));
  }

  #runOut() {
    // A link on which nobody answers is as dead as the media.
    this.#handle(this.#link.isAwaitingAnswer ? "link_down" : "late");
  }

  #receive(message) {
    if (message.type === "ended" && message.reason === "shutdown") return this.#handle("server_stops");
    if (message.type === "ended") return this.#handle("over", message.reason);
    if (message.type === "media_lost") return this.#handle("media_lost");
    const state = nextState(this.state, message);
    this.dispatchEvent(new CustomEvent("message", { detail: message }));
    if (state !== this.state) this.#update(state);
    if (this.#peer?.growTo(state.cells)) this.#negotiate(this.#peer);
  }

  #enter(welcome, own) {
    this.seatToken = welcome.seat_token;
    this.#hasServerMedia = welcome.has_media && (this.#peer?.mayContinue ?? false);
    this.#update(enteredRoom(welcome, this.#hasServerMedia ? this.state.slots : []));
    const { is_muted, is_muted_by_host, has_camera, has_screen } = this.self;
    // Under a host's mute the server does not say whether there is one's own beneath.
    this.#told = { is_muted: is_muted_by_host ? own.is_muted : is_muted, has_camera, has_screen };
  }

  #update(state) {
    this.#absences.follow(state.participants.values());
    this.state = { ...state, missed: this.#absences.missed };
    this.media.isMutedByHost = this.self?.is_muted_by_host ?? false;
    this.dispatchEvent(new Event("state"));
  }

  #linkClosed(code) {
    if (this.state === null) return;
    if (code in FINAL_CLOSE_CODES) this.#handle("over", FINAL_CLOSE_CODES[code]);
    else this.#handle("link_down");
  }

  #renewMedia() {
    this.#peer?.close();
    const peer = new Peer(this.state.cells);
    this.#peer = peer;
    this.#update({ ...this.state, slots: [] });
    peer.addEventListener("statechange", ({ detail }) => {
      if (peer === this.#peer && detail in MEDIA_INPUTS) this.#handle(MEDIA_INPUTS[detail]);
    });
    peer.addEventListener("slots", ({ detail }) => this.dispatchEvent(new CustomEvent("slots", { detail })));
    this.dispatchEvent(new CustomEvent("sound", { detail: peer.sound }));
    this.#publish();
    this.#negotiate(peer);
  }

  #restartIce() {
    this.#peer.growTo(this.state.cells);
    this.#peer.restartIce();
    this.#publish();
    this.#negotiate(this.#peer);
  }

  async #negotiate(peer) {
    try {
      await peer.negotiate(this.#link);
    } catch (error) {
      if (peer !== this.#peer || this.phase === "over") return;
      if (PASSING_FAILURES.has(error.code)) this.#handle("link_down");
      else if (this.phase === "restarting") this.#handle("media_down");
      else this.#handle("over", "unsupported");
    }
  }

  async #rejoin(isAtOnce) {
    this.#link.drop();
    try {
      await this.seatPatiently(isAtOnce);
      this.#handle(this.#hasServerMedia ? "resumed" : "seated");
    } catch (error) {
      // Another search has taken the place of this one, or nobody seeks any more.
      if (error.name === "AbortError") return;
      this.#handle("over", error instanceof Refused && !PASSING_REFUSALS.has(error.reason) ? error.reason : "lost");
    }
  }

  #publish() {
    this.#peer?.send(this.media.tracks);
    if (this.#told === null) return;
    const { isMuted, camera, screen } = this.media;
    const own = { is_muted: isMuted, has_camera: camera !== null, has_screen: screen !== null };
    const changed = Object.entries(own).filter(([name, value]) => value !== this.#told[name]);
    if (changed.length === 0) return;
    this.#told = own;
    this.#link.set(Object.fromEntries(changed));
  }

  #finish(reason) {
    this.#told = null;
    this.#search.abort();
    this.#watch.abort();
    this.#absences.follow([]);
    this.#link.close();
    this.#peer?.close();
    this.#peer = null;
    this.media.close();
    this.dispatchEvent(new CustomEvent("over", { detail: reason }));
  }
}
