/**
 * Plays the mix through an <audio> element, which the browser's echo cancellation needs, and asks for a click where
 * the browser does not let a page sound by itself.
 */

import { element } from "../base/elements.js";
import { canChooseSpeaker } from "../media/devices.js";
import { t } from "../text/translate.js";

export class ConfSound extends HTMLElement {
  #audio = element("audio", { autoplay: true });
  #speaker = "";
  #ask = element(
    "button",
    {
      type: "button",
      class: "button is-main",
      dataset: { testid: "click-to-hear" },
      on: { click: () => this.#play() },
    },
    t("sound.click"),
  );
  #banner = element("div", { class: "banner", role: "alert", hidden: true }, t("sound.blocked"), " ", this.#ask);

  connectedCallback() {
    this.replaceChildren(this.#audio, this.#banner);
  }

  /** @param {MediaStreamTrack} track */
  hear(track) {
    this.#audio.srcObject = new MediaStream([track]);
    this.#play();
  }

  /** What was held back may be allowed by now: browsers let a page sound that listens itself. */
  tryAgain() {
    if (!this.#banner.hidden) this.#play();
  }

  /** @param {string} speakerId "" for the usual one */
  set speaker(speakerId) {
    if (!canChooseSpeaker || speakerId === this.#speaker) return;
    this.#speaker = speakerId;
    // A remembered loudspeaker may be gone; then the usual one goes on sounding.
    this.#audio.setSinkId(speakerId).catch(() => undefined);
  }

  async #play() {
    try {
      await this.#audio.play();
      this.#banner.hidden = true;
    } catch (error) {
      // Any other failure is a newer sound taking the place of this one.
      if (error.name === "NotAllowedError") this.#banner.hidden = false;
    }
  }
}

customElements.define("conf-sound", ConfSound);
