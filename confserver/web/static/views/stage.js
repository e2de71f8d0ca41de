/**
 * The tiles of the layout in their order. It makes a tile for each slot once and moves it by position only: a video
 * that is moved in the document starts anew.
 */

import { element } from "../base/elements.js";
import { t } from "../text/translate.js";
import { arrange } from "./arrange.js";
import { mainOf } from "./main_picture.js";
import { ConfTile } from "./tile.js";

/** More faces than this would be too small to tell apart. */
const MOST_FACES = 25;
const NO_PICTURE = { purpose: "camera", generation: null };

/** Event: `pin` (detail: the id of the participant whose tile was pinned or unpinned). */
export class ConfStage extends HTMLElement {
  #tiles = new Map();
  #faceTiles = [];
  /** What is shown, in its order. */
  #cells = [];
  #main = null;
  #list = element("div", { class: "tiles", role: "list", "aria-label": t("stage.label") });
  #resized = new ResizeObserver(() => this.#place());

  connectedCallback() {
    this.append(this.#list);
    this.#resized.observe(this.#list);
  }

  /** @param {import("../media/peer.js").SlotLine[]} lines all slots of the peer connection in use */
  setLines(lines) {
    const receivers = new Set(lines.map(({ receiver }) => receiver));
    for (const [mid, { tile, line }] of this.#tiles) {
      if (receivers.has(line.receiver)) continue;
      tile.remove();
      this.#tiles.delete(mid);
    }
    for (const line of lines.filter(({ mid }) => !this.#tiles.has(mid))) {
      const tile = this.#newTile();
      tile.attach(line);
      this.#tiles.set(line.mid, { tile, line });
    }
  }

  /**
   * @param {import("../room/room_state.js").RoomState} state
   * @param {{isSpeakerView: boolean, isLowData: boolean}} view of this person alone
   */
  show(state, { isSpeakerView, isLowData }) {
    this.#cells = state.cells === 0 || isLowData ? this.#faces(state) : this.#pictures(state);
    const shown = new Set(this.#cells.map(({ tile }) => tile));
    for (const tile of this.#list.children) tile.hidden = !shown.has(tile);
    for (const { tile, slot } of this.#cells) tile.show(slot, state);
    const ids = this.#cells.map(({ slot }) => slot.participant_id);
    const hasScreen = this.#cells.some(({ tile }) => tile.isScreen);
    this.#main = mainOf(ids, state, { isSpeakerView, hasScreen, before: this.#main });
    this.#place();
  }

  /**
   * @param {string} participantId
   * @returns {HTMLElement|undefined} their tile, if it is seen
   */
  tileOf(participantId) {
    return this.#cells.find(({ tile }) => tile.dataset.participantId === participantId)?.tile;
  }

  /**
   * @returns {{line: object, slot: object, video: HTMLVideoElement}|null} what is large, or first; null without
   *   pictures
   */
  get main() {
    const isLarge = ({ tile, slot }) => tile.isScreen || slot.participant_id === this.#main;
    const { tile, line, slot } = this.#cells.find(isLarge) ?? this.#cells[0] ?? {};
    return line ? { line, slot, video: tile.video } : null;
  }

  #pictures(state) {
    return state.slots.flatMap((slot) => {
      const { tile, line } = this.#tiles.get(slot.mid) ?? {};
      if (slot.participant_id === null) tile?.show(slot, state);
      return tile && slot.participant_id !== null ? [{ tile, line, slot }] : [];
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
    tile.addEventListener("pin", ({ detail }) => this.dispatchEvent(new CustomEvent("pin", { detail })));
    this.#list.append(tile);
    return tile;
  }

  #place() {
    const { clientWidth: width, clientHeight: height } = this.#list;
    if (width === 0) return;
    const tiles = this.#cells.map(({ tile, slot }) => {
      const { isScreen } = tile;
      return { isScreen, isMain: isScreen || slot.participant_id === this.#main };
    });
    const rectangles = arrange(tiles, { width, height });
    this.#cells.forEach(({ tile }, index) => {
      for (const [side, length] of Object.entries(rectangles[index])) tile.style[side] = `${length}px`;
      tile.classList.toggle("is-small", rectangles[index].width < 180);
    });
  }
}

customElements.define("conf-stage", ConfStage);
