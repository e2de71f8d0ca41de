/**
 * One cell of the layout: a slot's picture, or its participant without one, and the name that belongs to what is seen.
 * Whose picture it is, `Slot` decides.
 */

import { avatar } from "../base/avatar.js";
import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";
import { watchGenerations } from "../media/generation.js";
import { Slot } from "../media/slot.js";
import { t } from "../text/translate.js";
import { rankOf } from "./rank.js";

/**
 * `data-slot` is the mid, `data-participant-id` whose picture or stand-in is shown, `data-purpose` camera or screen,
 * `data-picture` one of none, live, held, hidden: only while `live` the video itself is what people see. Events:
 * `purposechange`, since a screen wants another place than a face; `pin` (detail: the participant's id).
 */
export class ConfTile extends HTMLElement {
  #slot = new Slot();
  #announce = () => undefined;
  #video = element("video", { autoplay: true, playsinline: true, "aria-hidden": "true" });
  #held = element("canvas", { class: "held", "aria-hidden": "true" });
  #standIn = element("div", { class: "stand-in" });
  #name = element("span", { class: "name" });
  #rank = element("span", { class: "rank" });
  #purpose = element("span", { class: "purpose" });
  #hand = element(
    "span",
    { class: "hand-mark", role: "img", "aria-label": t("tile.hand"), hidden: true },
    icon("hand"),
  );
  #away = element("div", { class: "away", hidden: true }, t("tile.reconnecting"));
  #muted = element("span", { class: "muted-mark", role: "img", "aria-label": t("tile.muted") }, icon("microphone-off"));
  #pin = element("button", { type: "button", class: "pin", dataset: { testid: "tile-pin" } }, icon("pin"));
  #standInFor = "";
  #generation = null;
  #state = null;

  connectedCallback() {
    this.setAttribute("role", "listitem");
    this.dataset.testid = "tile";
    this.#video.muted = true;
    const plate = element("div", { class: "plate" }, this.#muted, this.#name, this.#rank, this.#purpose);
    this.replaceChildren(this.#video, this.#standIn, this.#held, this.#away, this.#hand, this.#pin, plate);
    this.#pin.onclick = () => this.dispatchEvent(new CustomEvent("pin", { detail: this.dataset.participantId }));
  }

  /** @param {import("../media/peer.js").SlotLine} line the slot whose picture this tile shows */
  attach({ mid, receiver, announce }) {
    this.dataset.slot = mid;
    this.#announce = announce;
    this.#video.srcObject = new MediaStream([receiver.track]);
    watchGenerations(this.#video, receiver, (generation) => this.showFrame(generation));
  }

  /**
   * @param {{participant_id: string|null, purpose: string|null, generation: number|null}} slot
   * @param {import("../room/room_state.js").RoomState} state
   */
  show(slot, state) {
    const was = this.#slot.view.picture;
    this.#slot.tell(slot);
    if (was === "live" && this.#slot.view.picture === "held") this.#hold();
    this.#state = state;
    this.#render();
    if (slot.generation !== null && slot.generation !== this.#generation) this.#announce(slot.generation);
    this.#generation = slot.generation;
  }

  /** @param {number} generation of the frame that the video shows now */
  showFrame(generation) {
    const before = this.#slot.view;
    this.#slot.frame(generation);
    const { picture, participantId } = this.#slot.view;
    if (picture !== before.picture || participantId !== before.participantId) this.#render();
  }

  /** The picture itself, without what lies over it. */
  get video() {
    return this.#video;
  }

  /** @returns {boolean} */
  get isScreen() {
    return this.dataset.purpose === "screen";
  }

  #hold() {
    this.#held.width = this.#video.videoWidth;
    this.#held.height = this.#video.videoHeight;
    this.#held.getContext("2d").drawImage(this.#video, 0, 0);
  }

  #render() {
    const { participantId, purpose, picture } = this.#slot.view;
    const participant = this.#state.participants.get(participantId);
    const isPurposeNew = this.dataset.purpose !== (purpose ?? "");
    const isSameAsBefore = this.dataset.participantId === (participantId ?? "");
    this.dataset.picture = picture;
    this.dataset.purpose = purpose ?? "";
    this.dataset.participantId = participantId ?? "";
    // Somebody who left keeps the name on the last picture until that goes, too.
    if (participant || !isSameAsBefore) this.#name.textContent = participant?.display_name ?? "";
    this.#purpose.textContent = purpose === "screen" ? t("tile.screen") : "";
    this.#rank.replaceChildren(...(participant ? rankOf(participant) : []));
    this.#hand.hidden = !participant?.hand;
    this.#muted.hidden = !participant?.is_muted;
    this.#away.hidden = !this.#state.missed.has(participantId);
    this.classList.toggle("is-speaking", this.#state.speakers.includes(participantId));
    this.#renderPin(participant);
    this.#renderStandIn(participant);
    if (isPurposeNew) this.dispatchEvent(new Event("purposechange"));
  }

  #renderPin(participant) {
    const isPinned = participant?.id === this.#state.pinnedId;
    const words = t(isPinned ? "tile.unpin" : "tile.pin", { name: participant?.display_name ?? "" });
    this.#pin.hidden = !participant || this.isScreen || this.#state.cells === 0;
    this.#pin.title = words;
    this.#pin.setAttribute("aria-label", words);
    this.#pin.classList.toggle("is-pinned", isPinned);
  }

  #renderStandIn(participant) {
    const standInFor = participant ? `${participant.id} ${participant.display_name}` : "";
    if (standInFor === this.#standInFor) return;
    this.#standInFor = standInFor;
    this.#standIn.replaceChildren(...(participant ? [avatar(participant.id, participant.display_name)] : []));
  }
}

customElements.define("conf-tile", ConfTile);
