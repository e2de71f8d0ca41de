/**
 * Whose picture is in one slot: the rules of docs/protocol.md, "Slots". It touches neither video nor page.
 *
 * The server tells what a slot is to carry (`tell`), every frame tells whose it is (`frame`), and the two arrive in
 * any order. What may be shown under which name follows from both:
 *
 *   none    no picture (to come, or at all): the participant without one
 *   live    the picture on screen is the intended one
 *   held    another picture is on its way: the old one is frozen under its old name, since the browser may put the
 *           first new frame on screen before it reports it
 *   hidden  a picture that nobody announced yet: neither it nor any name is shown
 */

/** @typedef {"none"|"live"|"held"|"hidden"} Picture */
/** @typedef {{participantId: string|null, purpose: string|null, picture: Picture}} SlotView */

const EMPTY = { participantId: null, purpose: null, generation: null };

export class Slot {
  #intended = EMPTY;
  #onScreen = null;

  /** @param {{participant_id: string|null, purpose: string|null, generation: number|null}} slot as in `slots` */
  tell({ participant_id: participantId, purpose, generation }) {
    this.#intended = { participantId, purpose, generation };
    if (generation === null) this.#onScreen = null;
    else if (generation === this.#onScreen?.generation) this.#onScreen = this.#intended;
  }

  /** @param {number} generation of the frame that is now on screen, 0..7 */
  frame(generation) {
    // Without a picture to come, what still trickles in belongs to the past.
    if (this.#intended.generation === null) return;
    if (generation === this.#intended.generation) this.#onScreen = this.#intended;
    else if (this.view.picture === "live" || this.view.picture === "hidden") this.#onScreen = { ...EMPTY, generation };
  }

  /** @returns {SlotView} */
  get view() {
    const { participantId, purpose } = this.#intended;
    if (this.#onScreen === null) return { participantId, purpose, picture: "none" };
    if (this.#onScreen === this.#intended) return { participantId, purpose, picture: "live" };
    if (this.#onScreen.participantId === null) return { participantId: null, purpose: null, picture: "hidden" };
    return { participantId: this.#onScreen.participantId, purpose: this.#onScreen.purpose, picture: "held" };
  }
}
