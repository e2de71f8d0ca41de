/**
 * Chooses microphone, camera and loudspeaker, before and during a meeting.
 */

import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";
import { canChooseSpeaker, listDevices } from "../media/devices.js";
import { playTestSound } from "../media/test_sound.js";
import { t } from "../text/translate.js";
import "./meter.js";

const KINDS = ["microphone", "camera", "speaker"];

export class ConfDevicePicker extends HTMLElement {
  /** @type {import("../media/local_media.js").LocalMedia} set before it is put into the page */
  media;
  /** @type {boolean} whether a chosen camera is opened at once */
  hasCamera = true;
  #selects = {};
  #meter = document.createElement("conf-meter");
  #gone = new AbortController();

  connectedCallback() {
    for (const kind of KINDS) this.#selects[kind] = this.#select(kind);
    const { microphone, camera, speaker } = this.#selects;
    const press = () => playTestSound(this.media.chosen.speaker);
    const look = { type: "button", class: "button is-small", dataset: { testid: "test-sound" } };
    const test = element("button", { ...look, on: { click: press } }, icon("speaker"), t("devices.test"));
    this.replaceChildren(
      this.#row("microphone", microphone, this.#meter),
      this.hasCamera ? this.#row("camera", camera) : "",
      this.#row("speaker", canChooseSpeaker ? speaker : element("p", { class: "hint" }, t("devices.usual")), test),
    );
    const { signal } = this.#gone;
    this.media.addEventListener("change", () => this.#refresh(), { signal });
    navigator.mediaDevices?.addEventListener("devicechange", () => this.#refresh(), { signal });
    this.#refresh();
  }

  disconnectedCallback() {
    this.#gone.abort();
  }

  #row(kind, control, ...extras) {
    const problem = element("p", { class: "problem", dataset: { testid: `${kind}-problem` }, role: "status" });
    const label = element("label", { for: `choose-${kind}` }, t(`devices.${kind}`));
    return element("div", { class: "field", dataset: { kind } }, label, control, ...extras, problem);
  }

  #select(kind) {
    return element("select", {
      id: `choose-${kind}`,
      dataset: { testid: `choose-${kind}` },
      on: { change: (event) => this.#choose(kind, event.target.value) },
    });
  }

  #choose(kind, deviceId) {
    if (kind === "microphone") this.media.openMicrophone(deviceId);
    else if (kind === "camera") this.media.openCamera(deviceId);
    else this.media.chooseSpeaker(deviceId);
  }

  async #refresh() {
    this.#meter.track = this.media.microphone;
    const devices = await listDevices();
    for (const kind of KINDS) {
      this.#fill(kind, devices[kind]);
      const reason = this.media.problems[kind];
      const problem = this.querySelector(`[data-testid="${kind}-problem"]`);
      if (problem) problem.textContent = reason ? t(`devices.${kind}.${reason}`) : "";
    }
  }

  #fill(kind, devices) {
    const select = this.#selects[kind];
    const options = devices.map(({ deviceId, label }, index) =>
      element("option", { value: deviceId }, label || t("devices.numbered", { number: index + 1 })),
    );
    if (options.length === 0) options.push(element("option", { value: "" }, t("devices.none")));
    select.disabled = devices.length === 0;
    select.replaceChildren(...options);
    const inUse = this.media[kind]?.getSettings?.().deviceId ?? this.media.chosen[kind];
    if (devices.some(({ deviceId }) => deviceId === inUse)) select.value = inUse;
  }
}

customElements.define("conf-device-picker", ConfDevicePicker);
