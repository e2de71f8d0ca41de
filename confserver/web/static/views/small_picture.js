/**
 * The main picture in a small window that stays above all others: with its name where the browser lets pages fill such
 * a window, else the bare video. W3C Document Picture-in-Picture; W3C Picture-in-Picture.
 */

import { element } from "../base/elements.js";
import { t } from "../text/translate.js";
import { ConfTile } from "./tile.js";

const SIZE = { width: 384, height: 216 };

/** Whether this browser has either of the two. */
export const canShrink = "documentPictureInPicture" in globalThis || Boolean(document.pictureInPictureEnabled);

export class SmallPicture {
  #window = null;
  #tile = null;
  #line = null;
  #shown = null;

  /** @returns {boolean} */
  get isOpen() {
    return this.#window !== null || document.pictureInPictureElement !== null;
  }

  /**
   * Opens it for what `show` was told last. Needs a press of the person.
   *
   * @throws {DOMException} when the browser does not open it
   */
  async open() {
    if ("documentPictureInPicture" in globalThis) return this.#fill(await documentPictureInPicture.requestWindow(SIZE));
    await this.#shown?.video.requestPictureInPicture();
  }

  /** Without effect when it is not open. */
  close() {
    this.#window?.close();
    if (document.pictureInPictureElement) document.exitPictureInPicture();
  }

  /**
   * @param {{line: import("../media/peer.js").SlotLine, slot: object, video: HTMLVideoElement}|null} main whose picture
   *   is large, or first; null: there is none
   * @param {import("../room/room_state.js").RoomState} state
   */
  show(main, state) {
    this.#shown = main && { ...main, state };
    if (this.#window) this.#render();
  }

  #fill(small) {
    this.#window = small;
    small.addEventListener("pagehide", () => this.#forget());
    small.document.title = t("own.small_picture_label");
    small.document.documentElement.lang = document.documentElement.lang;
    for (const { href } of document.querySelectorAll("link[rel=stylesheet]"))
      small.document.head.append(element("link", { rel: "stylesheet", href }));
    small.document.body.className = "small-picture";
    this.#render();
  }

  #render() {
    if (this.#shown?.line.receiver !== this.#line?.receiver) {
      this.#tile?.remove();
      this.#line = this.#shown?.line ?? null;
      this.#tile = this.#line && new ConfTile();
      if (this.#tile) this.#window.document.body.append(this.#tile);
      // The tile of the meeting has announced what is to come.
      this.#tile?.attach({ ...this.#line, announce: () => undefined });
    }
    this.#tile?.show(this.#shown.slot, this.#shown.state);
  }

  #forget() {
    this.#window = null;
    this.#tile = null;
    this.#line = null;
  }
}
