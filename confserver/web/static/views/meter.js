/**
 * A moving bar for the loudness of a microphone.
 */

import { element } from "../base/elements.js";
import { watchLevel } from "../media/level.js";
import { t } from "../text/translate.js";

/** Speech lies between these levels; the bar shows that range. */
const FLOOR_DB = -60;
const CEILING_DB = -10;

export class ConfMeter extends HTMLElement {
  #bar = element("span", { class: "bar" });
  #track = null;
  #stop = null;

  connectedCallback() {
    this.setAttribute("role", "meter");
    this.setAttribute("aria-label", t("meter.label"));
    this.setAttribute("aria-valuemin", "0");
    this.setAttribute("aria-valuemax", "100");
    this.dataset.testid = "meter";
    this.replaceChildren(this.#bar);
    this.#show(FLOOR_DB);
    this.#watch();
  }

  disconnectedCallback() {
    this.#stop?.();
    this.#stop = null;
  }

  /** @param {MediaStreamTrack|null} track */
  set track(track) {
    if (track === this.#track) return;
    this.#track = track;
    if (this.isConnected) this.#watch();
  }

  #watch() {
    this.#stop?.();
    this.#stop = this.#track && watchLevel(this.#track, (levelDb) => this.#show(levelDb));
    if (!this.#track) this.#show(FLOOR_DB);
  }

  #show(levelDb) {
    const part = Math.min(1, Math.max(0, (levelDb - FLOOR_DB) / (CEILING_DB - FLOOR_DB)));
    this.#bar.style.transform = `scaleX(${part.toFixed(3)})`;
    this.setAttribute("aria-valuenow", String(Math.round(part * 100)));
  }
}

customElements.define("conf-meter", ConfMeter);
