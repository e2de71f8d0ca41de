/**
 * Keeps one person in one room: the seat, the peer connection and what it sends, and both again after a loss. It shows
 * nothing and stores nothing.
 */

import { watchPath } from "../net/path.js";
import { RoomLink } from "../net/room_link.js";
import { watchSilence } from "../net/silence.js";
import { Peer } from "../media/peer.js";
import { Absences } from "./absences.js";
import { isFinal, Knocking } from "./knocking.js";
import { LIMITS_S, nextPhase } from "./phases.js";
import { enteredRoom, nextState } from "./room_state.js";

/** Failures of an offer that another connection may mend. */
const PASSING_FAILURES = new Set(["closed", "no_answer"]);
/** Phases in which the media that there are get another chance. */
const RESTARTS = new Set(["restarting", "reviving"]);
const MEDIA_INPUTS = { connected: "media_up", disconnected: "media_wavers", failed: "media_down" };
const FINAL_CLOSE_CODES = { 1000: "left", 4002: "removed", 4003: "ended", 4004: "replaced" };

/**
 * Events: `waiting` (detail: the message: there is a place in the waiting room, no seat yet), `state`, `phase` (the
 * properties of these names changed), `message` (detail: a message that changed the state or asks for a word to the
 * person), `slots` and `sound` (detail: lines, track), `over` (detail: why; "waiting" for who came back too late).
 */
export class RoomConnection extends EventTarget {
  /** @type {import("./room_state.js").RoomState|null} */
  state = null;
  phase = "connecting";
  #link = new RoomLink();
  #knocking;
  /** What the last `join` said of oneself. */
  #asked = null;
  #hasPictures = true;
  #peer = null;
  #told = null;
  #hasServerMedia = false;
  #absences = new Absences();
  #limit = 0;
  #watch = new AbortController();

  /**
   * @param {import("../media/local_media.js").LocalMedia} media
   * @param {() => Promise<object>} describeSeat the fields of `join` that say who asks for what
   * @param {string} [seatToken] of a seat that this person had before
   */
  constructor(media, describeSeat, seatToken = "") {
    super();
    this.media = media;
    this.#knocking = new Knocking(this.#link, () => this.#describe(describeSeat), seatToken);
    this.#knocking.addEventListener("waiting", ({ detail }) => this.#wait(detail));
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

  /** What takes this seat again, "" without one. */
  get seatToken() {
    return this.#knocking.seatToken;
  }

  /** Whether the pictures of others are received; without them, the server is not asked for any. */
  set hasPictures(hasPictures) {
    if (hasPictures === this.#hasPictures) return;
    this.#hasPictures = hasPictures;
    if (this.#peer?.resizeTo(this.#cells)) this.#negotiate(this.#peer);
  }

  /**
   * Asks for a seat for the first time; may be called again after a refusal.
   *
   * @throws {import("../net/room_link.js").Refused|import("../net/room_link.js").RequestFailed} or "AbortError" of
   *   `leave`
   */
  async seat() {
    this.#enter(await this.#knocking.ask());
  }

  /**
   * The same, but goes on asking while what stands in the way may pass by itself.
   *
   * @param {boolean} isAtOnce the first time without a pause
   * @throws {import("../net/room_link.js").Refused|import("../net/room_link.js").RequestFailed} or "AbortError" of
   *   `leave`
   */
  async seatPatiently(isAtOnce) {
    this.#enter(await this.#knocking.askPatiently(isAtOnce));
  }

  /** @param {string|null} id whose picture this person alone wants to see first, whoever speaks */
  pin(id) {
    this.#link.request({ type: "view", pinned_id: id });
    this.#update({ ...this.state, pinnedId: id });
  }

  /** Brings up the media once the page is ready to show them. */
  start() {
    watchPath(() => this.#handle("path_changed"), this.#watch.signal);
    this.#renewMedia();
    watchSilence(
      () => this.#peer.countBytes(),
      () => this.#handle("media_silent"),
      () => this.#handle("media_heard"),
      this.#watch.signal,
    );
  }

  /** Leaves for good. */
  leave() {
    this.#link.leave();
    this.#handle("over", "left");
  }

  async #describe(describeSeat) {
    const seat = await describeSeat();
    this.#asked = this.#own;
    return { ...seat, ...this.#asked };
  }

  get #own() {
    return { is_muted: this.media.isMuted, has_camera: this.media.camera !== null };
  }

  /** Slots to offer. */
  get #cells() {
    return this.#hasPictures ? this.state.cells : 0;
  }

  #wait(waiting) {
    // Whoever had a seat and came back too late begins anew.
    if (this.state === null) this.dispatchEvent(new CustomEvent("waiting", { detail: waiting }));
    else this.#handle("over", "waiting");
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
    // What is said before there is a seat, its sound in the waiting room hears itself.
    if (this.state === null) return;
    if (message.type === "ended" && message.reason === "shutdown") return this.#handle("server_stops");
    if (message.type === "ended") return this.#handle("over", message.reason);
    if (message.type === "media_lost") return this.#handle("media_lost");
    const state = nextState(this.state, message);
    this.dispatchEvent(new CustomEvent("message", { detail: message }));
    if (state !== this.state) this.#update(state);
    if (this.#peer?.resizeTo(this.#cells)) this.#negotiate(this.#peer);
  }

  #enter(welcome) {
    this.#hasServerMedia = welcome.has_media && (this.#peer?.mayContinue ?? false);
    const pinnedId = this.state?.pinnedId ?? null;
    this.#update(enteredRoom(welcome, this.#hasServerMedia ? this.state.slots : [], pinnedId));
    if (this.state.pinnedId !== null && !welcome.is_resumed) this.pin(pinnedId);
    const { is_muted, is_muted_by_host, has_camera, has_screen } = this.self;
    // Under a host's mute the server does not say whether there is one's own beneath.
    this.#told = { is_muted: is_muted_by_host ? this.#asked.is_muted : is_muted, has_camera, has_screen };
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
    const peer = new Peer(this.#cells);
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
    this.#peer.resizeTo(this.#cells);
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
      else if (RESTARTS.has(this.phase)) this.#handle("media_down");
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
      this.#handle("over", isFinal(error) ? error.reason : "lost");
    }
  }

  #publish() {
    this.#peer?.send(this.media.tracks);
    if (this.#told === null) return;
    const own = { ...this.#own, has_screen: this.media.screen !== null };
    const changed = Object.entries(own).filter(([name, value]) => value !== this.#told[name]);
    if (changed.length === 0) return;
    this.#told = own;
    this.#link.set(Object.fromEntries(changed));
  }

  #finish(reason) {
    this.#told = null;
    this.#knocking.stop();
    this.#watch.abort();
    this.#absences.follow([]);
    this.#link.close();
    this.#peer?.close();
    this.#peer = null;
    this.media.close();
    this.dispatchEvent(new CustomEvent("over", { detail: reason }));
  }
}
