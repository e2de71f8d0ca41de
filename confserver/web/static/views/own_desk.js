/**
 * What one chooses for oneself alone, and nobody else notices: how the pictures are arranged, which is large, full
 * screen, a small window, no pictures at all, unfiltered sound. This browser remembers it, but for windows and pins.
 */

import { recall, remember } from "../base/storage.js";
import { t } from "../text/translate.js";
import { canShrink, SmallPicture } from "./small_picture.js";

/** `for`: whether it makes sense here; `has`: whether it is on. */
const CHOICES = [
  {
    command: "speaker_view",
    symbol: "gallery",
    text: "own.speaker_view",
    for: ({ hasVideo }) => hasVideo,
    has: (desk) => desk.view.isSpeakerView,
  },
  {
    command: "full_screen",
    symbol: "full-screen",
    text: "own.full_screen",
    for: () => document.fullscreenEnabled,
    has: () => document.fullscreenElement !== null,
  },
  {
    command: "small_picture",
    symbol: "small-picture",
    text: "own.small_picture",
    for: ({ hasVideo, isLowData }) => canShrink && hasVideo && !isLowData,
    has: (desk) => desk.isShrunk,
  },
  {
    command: "low_data",
    symbol: "low-data",
    text: "own.low_data",
    for: ({ hasVideo }) => hasVideo,
    has: (desk) => desk.view.isLowData,
  },
  {
    command: "original_sound",
    symbol: "music",
    text: "own.original_sound",
    for: () => true,
    has: (desk) => desk.hasOriginalSound,
  },
];

/** Events: `change` (its `view` is another), `word` (detail: the key of a text for the person). */
export class OwnDesk extends EventTarget {
  #connection;
  #small = new SmallPicture();
  #isSpeakerView = recall("speaker_view") === "on";
  #isLowData;
  #acts = {
    speaker_view: () => this.#toggleSpeakerView(),
    full_screen: () => this.#toggleFullScreen(),
    small_picture: () => this.#toggleSmallPicture(),
    low_data: () => this.#toggleLowData(),
    original_sound: () => this.#toggleOriginalSound(),
  };

  /**
   * @param {import("../room/room_connection.js").RoomConnection} connection seated, not started
   * @param {boolean} hasVideo whether the meeting has pictures
   */
  constructor(connection, hasVideo) {
    super();
    this.#connection = connection;
    this.#isLowData = hasVideo && recall("low_data") === "on";
    connection.hasPictures = !this.#isLowData;
  }

  /** @returns {{isSpeakerView: boolean, isLowData: boolean}} how the stage is to be */
  get view() {
    return { isSpeakerView: this.#isSpeakerView, isLowData: this.#isLowData };
  }

  /** @returns {boolean} */
  get isShrunk() {
    return this.#small.isOpen;
  }

  /** @returns {boolean} */
  get hasOriginalSound() {
    return this.#connection.media.isOriginalSound;
  }

  /**
   * @param {boolean} hasVideo
   * @returns {{command: string, symbol: string, label: string, isChecked: boolean}[]} in the order of a menu
   */
  choices(hasVideo) {
    const here = { hasVideo, isLowData: this.#isLowData };
    return CHOICES.filter((choice) => choice.for(here)).map(({ command, symbol, text, has }) => ({
      command,
      symbol,
      label: t(text),
      isChecked: has(this),
    }));
  }

  /**
   * @param {string} command one of `choices`, which it turns on or off
   * @returns {Promise<void>|void}
   */
  obey(command) {
    return this.#acts[command]();
  }

  /** @param {string} id whom one wants to see first; once more, no longer */
  togglePin(id) {
    this.#connection.pin(this.#connection.state.pinnedId === id ? null : id);
  }

  /** @param {object|null} main of the stage */
  show(main) {
    this.#small.show(main, this.#connection.state);
  }

  /** The meeting is over. */
  close() {
    this.#small.close();
    if (document.fullscreenElement) document.exitFullscreen();
  }

  #toggleSpeakerView() {
    this.#isSpeakerView = !this.#isSpeakerView;
    remember("speaker_view", this.#isSpeakerView ? "on" : "");
    this.dispatchEvent(new Event("change"));
  }

  async #toggleFullScreen() {
    // A browser that does not want to has told the person so itself.
    if (document.fullscreenElement) await document.exitFullscreen();
    else await document.documentElement.requestFullscreen().catch(() => undefined);
  }

  async #toggleSmallPicture() {
    if (this.#small.isOpen) return this.#small.close();
    await this.#small.open().catch(() => this.#say("own.no_small_picture"));
  }

  #toggleLowData() {
    this.#isLowData = !this.#isLowData;
    remember("low_data", this.#isLowData ? "on" : "");
    this.#connection.hasPictures = !this.#isLowData;
    if (this.#isLowData) this.#small.close();
    if (this.#isLowData) this.#connection.media.closeCamera();
    this.#say(this.#isLowData ? "own.low_data_on" : "own.low_data_off");
    this.dispatchEvent(new Event("change"));
  }

  async #toggleOriginalSound() {
    const { media } = this.#connection;
    await media.chooseOriginalSound(!media.isOriginalSound);
    this.#say(media.isOriginalSound ? "own.original_sound_on" : "own.original_sound_off");
  }

  #say(key) {
    this.dispatchEvent(new CustomEvent("word", { detail: key }));
  }
}
