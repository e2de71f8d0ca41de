/**
 * The tiles of the layout in their order. It makes a tile for each slot once and moves it by position only: a video
 * that is moved in the document starts anew.
 */

import { element } from "../base/elements.js";
import { t } from "../text/translate.js";
import { arrange } from "./arrange.js";
import { ConfTile } from "./tile.js";

/** More faces than this would be too small to tell apart. */
const MOST_FACES = 25;
const NO_PICTURE = { purpose: "camera", generation: null };

export class ConfStage extends HTMLElement {
  #tiles = new Map();
  #faceTiles = [];
  #order = [];
  #spotlightId = null;
  #list = element("div", { class: "tiles", role: "list", "aria-label": t("stage.label") });
  #resized = new ResizeObserver(() => this.#place());

  connectedCallback() {
    this.append(this.#list);
    this.#resized.observe(this.#list);
  }

  /** @param {import("../media/peer.js").SlotLine[]} lines all slots of the peer connection in use */
  setLines(lines) {
    const receivers = new Set(lines.map(({ receiver }) => receiver));
    for (const [mid, { tile, receiver }] of this.#tiles) {
      if (receivers.has(receiver)) continue;
      tile.remove();
      this.#tiles.delete(mid);
    }
    for (const line of lines.filter(({ mid }) => !this.#tiles.has(mid))) {
      const tile = this.#newTile();
      tile.attach(line);
      this.#tiles.set(line.mid, { tile, receiver: line.receiver });
    }
  }

  /** @param {import("../room/room_state.js").RoomState} state */
  show(state) {
    const cells = state.cells === 0 ? this.#faces(state) : this.#cells(state);
    const shown = new Set(cells.map(({ tile }) => tile));
    for (const tile of this.#list.children) tile.hidden = !shown.has(tile);
    for (const { tile, slot } of cells) tile.show(slot, state);
    this.#order = [...shown];
    this.#spotlightId = state.spotlightId;
    this.#place();
  }

  /**
   * @param {string} participantId
   * @returns {HTMLElement|undefined} their tile, if it is seen
   */
  tileOf(participantId) {
    return this.#order.find((tile) => tile.dataset.participantId === participantId);
  }

  #cells(state) {
    return state.slots.flatMap((slot) => {
      const tile = this.#tiles.get(slot.mid)?.tile;
      if (slot.participant_id === null) tile?.show(slot, state);
      return tile && slot.participant_id !== null ? [{ tile, slot }] : [];
    });
  }

  /** A meeting without pictures has no slots: its people are shown by what stands in for them. */
  #faces(state) {
    const others = [...state.participants.keys()].filter((id) => id !== state.selfId).slice(0, MOST_FACES);
    while (this.#faceTiles.length < others.length) this.#faceTiles.push(this.#newTile());
    return others.map((id, index) => ({ tile: this.#faceTiles[index], slot: { ...NO_PICTURE, participant_id: id } }));
  }

  #newTile() {
    const tile = new ConfTile();
    tile.hidden = true;
    tile.addEventListener("purposechange", () => this.#place());
    this.#list.append(tile);
    return tile;
  }

  #place() {
    const { clientWidth: width, clientHeight: height } = this.#list;
    if (width === 0) return;
    const rectangles = arrange(
      this.#order.map((tile) => tile.isScreen || tile.dataset.participantId === this.#spotlightId),
      { width, height },
    );
    this.#order.forEach((tile, index) => {
      for (const [side, length] of Object.entries(rectangles[index])) tile.style[side] = `${length}px`;
      tile.classList.toggle("is-small", rectangles[index].width < 180);
    });
  }
}

customElements.define("conf-stage", ConfStage);
