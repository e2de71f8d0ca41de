/**
 * The tiles of the layout in their order. It makes a tile for each slot once and moves it by position only: a video
 * that is moved in the document starts anew.
 */

import { element } from "../base/elements.js";
import { t } from "../text/translate.js";
import { arrange } from "./arrange.js";
import { ConfTile } from "./tile.js";

export class ConfStage extends HTMLElement {
  #tiles = new Map();
  #order = [];
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
    for (const line of lines.filter(({ mid }) => !this.#tiles.has(mid)))
      this.#tiles.set(line.mid, { tile: this.#newTile(line), receiver: line.receiver });
  }

  /** @param {import("../room/room_state.js").RoomState} state */
  show(state) {
    this.#order = [];
    for (const { tile } of this.#tiles.values()) tile.hidden = true;
    for (const slot of state.slots) {
      const tile = this.#tiles.get(slot.mid)?.tile;
      if (!tile) continue;
      tile.show(slot, state);
      tile.hidden = slot.participant_id === null;
      if (!tile.hidden) this.#order.push(tile);
    }
    this.#place();
  }

  #newTile(line) {
    const tile = new ConfTile();
    tile.hidden = true;
    tile.addEventListener("purposechange", () => this.#place());
    this.#list.append(tile);
    tile.attach(line);
    return tile;
  }

  #place() {
    const { clientWidth: width, clientHeight: height } = this.#list;
    if (width === 0) return;
    const rectangles = arrange(
      this.#order.map((tile) => tile.isScreen),
      { width, height },
    );
    this.#order.forEach((tile, index) => {
      for (const [side, length] of Object.entries(rectangles[index])) tile.style[side] = `${length}px`;
      tile.classList.toggle("is-small", rectangles[index].width < 180);
    });
  }
}

customElements.define("conf-stage", ConfStage);
