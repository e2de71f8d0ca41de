/**
 * Keeps one person in one room: the seat, the peer connection and what it sends, and both again after a loss. It shows
 * nothing.
 */

import { backoff } from "../net/backoff.js";
import { Refused, RoomLink } from "../net/room_link.js";
import { Peer } from "../media/peer.js";
import { nextPhase } from "./phases.js";
import { enteredRoom, nextState } from "./room_state.js";

/** Refusals that pass by themselves: after a loss the old seat counts until the server misses us. */
const PASSING_REFUSALS = new Set(["full", "shutting_down"]);
/** Failures of an offer that another connection may mend. */
const PASSING_FAILURES = new Set(["closed", "no_answer"]);
const MEDIA_INPUTS = { connected: "media_up", disconnected: "media_wavers", failed: "media_down" };
const FINAL_CLOSE_CODES = { 1000: "left", 4002: "removed", 4003: "ended" };

/**
 * Events: `state`, `phase` (the properties of these names changed), `message` (detail: a message that changed the state
 * or asks for a word to the person), `slots` and `sound` (detail: lines, track), `over` (detail: why).
 */
export class RoomConnection extends EventTarget {
  /** @type {import("./room_state.js").RoomState|null} */
  state = null;
  phase = "connecting";
  #link = new RoomLink();
  #peer = null;
  #told = null;

  /**
   * @param {import("../media/local_media.js").LocalMedia} media
   * @param {() => Promise<object>} describeSeat the fields of `join` that say who asks for what
   */
  constructor(media, describeSeat) {
    super();
    this.media = media;
    this.describeSeat = describeSeat;
    media.addEventListener("change", () => this.#publish());
    this.#link.addEventListener("message", (event) => this.#receive(event.detail));
    this.#link.addEventListener("closed", (event) => this.#linkClosed(event.detail));
  }

  /** The requests of a host go to the server directly. */
  get link() {
    return this.#link;
  }

  /**
   * Asks for a seat for the first time; may be called again after a refusal.
   *
   * @throws {import("../net/room_link.js").Refused|import("../net/room_link.js").RequestFailed}
   */
  async seat() {
    const own = { is_muted: this.media.isMuted, has_camera: this.media.camera !== null };
    const welcome = await this.#link.join({ ...(await this.describeSeat()), ...own });
    this.#told = { ...own, has_screen: false };
    this.#update(enteredRoom(welcome));
  }

  /** Brings up the media once the page is ready to show them. */
  start() {
    this.#renewMedia(false);
  }

  /** Leaves for good. */
  leave() {
    this.#link.leave();
    this.#handle("over", "left");
  }

  #handle(input, reason) {
    const [action, next] = nextPhase(this.phase, input);
    const isChanged = this.phase !== next;
    this.phase = next;
    if (isChanged) this.dispatchEvent(new Event("phase"));
    if (action === "renewMedia") this.#renewMedia(true);
    else if (action === "rejoin") this.#rejoin();
    else if (action === "finish") this.#finish(reason);
  }

  #receive(message) {
    if (message.type === "ended") return this.#handle("over", message.reason);
    if (message.type === "media_lost") return this.#handle("media_down");
    const state = nextState(this.state, message);
    this.dispatchEvent(new CustomEvent("message", { detail: message }));
    if (state !== this.state) this.#update(state);
    if (this.#peer?.growTo(state.cells)) this.#negotiate(this.#peer);
  }

  #update(state) {
    this.state = state;
    this.media.isMutedByHost = state.participants.get(state.selfId)?.is_muted_by_host ?? false;
    this.dispatchEvent(new Event("state"));
  }

  #linkClosed(code) {
    if (this.state === null) return;
    if (code in FINAL_CLOSE_CODES) this.#handle("over", FINAL_CLOSE_CODES[code]);
    else this.#handle("link_down");
  }

  #renewMedia(replacesAnother) {
    this.#peer?.close();
    const peer = new Peer(this.state.cells, replacesAnother);
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

  async #negotiate(peer) {
    try {
      await peer.negotiate(this.#link);
    } catch (error) {
      if (peer !== this.#peer || this.phase === "over") return;
      if (!PASSING_FAILURES.has(error.code)) return this.#handle("over", "unsupported");
      this.#link.close();
      this.#handle("link_down");
    }
  }

  async #rejoin() {
    for (const pause of backoff()) {
      await new Promise((resolve) => setTimeout(resolve, pause * 1000));
      if (this.phase !== "rejoining") return;
      try {
        await this.seat();
        return this.#handle("seated");
      } catch (error) {
        const isFinal = error instanceof Refused && !PASSING_REFUSALS.has(error.reason);
        if (isFinal) return this.#handle("over", error.reason);
      }
    }
    this.#handle("over", "lost");
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
    this.#link.close();
    this.#peer?.close();
    this.#peer = null;
    this.media.close();
    this.dispatchEvent(new CustomEvent("over", { detail: reason }));
  }
}
