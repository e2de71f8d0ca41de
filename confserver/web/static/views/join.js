/**
 * Before the meeting: a name, a look at oneself, the devices, the PIN, and the button to join.
 */

import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";
import { recall, remember } from "../base/storage.js";
import { t } from "../text/translate.js";
import { ConfDevicePicker } from "./device_picker.js";

const NAME_LENGTH = 64;

/** Event: `join` (detail: `{display_name, pin}`). */
export class ConfJoin extends HTMLElement {
  /** @type {import("../media/local_media.js").LocalMedia} set before it is put into the page */
  media;
  /** @type {{subject: string, hostName: string|null, hasVideo: boolean, isPinAsked: boolean, pin: string,
   *   displayName: string}} set before it is put into the page */
  invitation;
  #video = element("video", { autoplay: true, playsinline: true, "aria-hidden": "true" });
  #noPicture = element("p", { class: "no-picture" });
  #microphone = this.#toggle("microphone", () => this.#toggleMicrophone());
  #camera = this.#toggle("camera", () => this.#toggleCamera());
  #name = element("input", {
    id: "display-name",
    name: "display_name",
    required: true,
    maxlength: NAME_LENGTH,
    autocomplete: "name",
    dataset: { testid: "display-name" },
  });
  #pin = element("input", {
    id: "pin",
    name: "pin",
    inputmode: "numeric",
    autocomplete: "off",
    pattern: "[0-9]{3,6}",
    maxlength: 6,
    title: t("join.pin_hint"),
    "aria-describedby": "join-error",
    dataset: { testid: "pin" },
  });
  #pinField = element("div", { class: "field" }, element("label", { for: "pin" }, t("join.pin")), this.#pin);
  #error = element("p", { class: "problem", id: "join-error", role: "alert", dataset: { testid: "join-error" } });
  #countdown = element("p", { class: "hint", "aria-hidden": "true" });
  #join = element("button", { class: "button is-main", dataset: { testid: "join" } }, t("join.join"));
  #gone = new AbortController();

  connectedCallback() {
    this.#video.muted = true;
    const preview = element(
      "div",
      { class: "preview", role: "group", "aria-label": t("join.preview") },
      this.#video,
      this.#noPicture,
      element("div", { class: "preview-tools" }, this.#microphone, this.invitation.hasVideo ? this.#camera : ""),
    );
    const picker = new ConfDevicePicker();
    picker.media = this.media;
    picker.hasCamera = this.invitation.hasVideo;
    this.replaceChildren(element("main", { class: "join card" }, this.#heading(), preview, this.#form(), picker));
    this.#pin.value = this.invitation.pin;
    this.#askPin(this.invitation.isPinAsked && this.invitation.pin === "");
    this.#name.value = recall("display_name") || this.invitation.displayName;
    this.media.addEventListener("change", () => this.#show(), { signal: this.#gone.signal });
    this.#show();
    (this.#name.value === "" ? this.#name : this.#join).focus();
  }

  disconnectedCallback() {
    this.#gone.abort();
  }

  /** @param {boolean} isBusy a seat is being asked for */
  set isBusy(isBusy) {
    this.#join.disabled = isBusy;
    this.#join.textContent = t(isBusy ? "join.joining" : "join.join");
    if (isBusy) this.#error.textContent = "";
  }

  /**
   * Says why there is no seat yet.
   *
   * @param {string} text
   * @param {{isAboutPin?: boolean, retryAfterS?: number}} [options]
   */
  showProblem(text, { isAboutPin = false, retryAfterS = 0 } = {}) {
    this.#error.textContent = text;
    if (isAboutPin) this.#askPin(true);
    if (isAboutPin) this.#pin.select();
    if (retryAfterS > 0) this.#countDown(performance.now() + retryAfterS * 1000);
  }

  #heading() {
    const { subject, hostName } = this.invitation;
    const host = hostName ? element("p", { class: "hint" }, t("join.host", { name: hostName })) : "";
    return element("header", { class: "join-heading" }, element("h1", {}, subject), host);
  }

  #form() {
    const label = element("label", { for: "display-name" }, t("join.name"));
    const name = element("div", { class: "field" }, label, this.#name);
    const submit = (event) => {
      event.preventDefault();
      this.#submit();
    };
    return element(
      "form",
      { class: "join-form", on: { submit } },
      name,
      this.#pinField,
      this.#error,
      this.#join,
      this.#countdown,
    );
  }

  #submit() {
    const displayName = this.#name.value.trim();
    if (displayName === "") return this.showProblem(t("join.name_needed"));
    remember("display_name", displayName);
    const detail = { display_name: displayName, pin: this.#pin.value.trim() };
    this.dispatchEvent(new CustomEvent("join", { detail }));
  }

  #askPin(isAsked) {
    this.#pinField.hidden = !isAsked;
    this.#pin.required = isAsked;
  }

  #countDown(until) {
    const left = Math.ceil((until - performance.now()) / 1000);
    this.#join.disabled = left > 0;
    this.#countdown.textContent = left > 0 ? t("join.retry", { seconds: left }) : "";
    if (left > 0 && this.isConnected) setTimeout(() => this.#countDown(until), 250);
  }

  #toggle(kind, press) {
    const look = { type: "button", class: "tool", dataset: { testid: `join-${kind}` } };
    return element("button", { ...look, on: { click: press } });
  }

  #toggleMicrophone() {
    if (this.media.microphone) this.media.isMuted = !this.media.isMuted;
    else this.media.openMicrophone();
  }

  #toggleCamera() {
    if (this.media.camera) this.media.closeCamera();
    else this.media.openCamera();
  }

  #show() {
    const { camera, isMuted } = this.media;
    if (this.#video.srcObject?.getTracks()[0] !== (camera ?? undefined))
      this.#video.srcObject = camera && new MediaStream([camera]);
    this.#noPicture.hidden = camera !== null;
    this.#noPicture.textContent = t(this.invitation.hasVideo ? "join.no_picture" : "join.audio_only");
    if (isMuted) this.#wear(this.#microphone, "microphone-off", "toolbar.unmute");
    else this.#wear(this.#microphone, "microphone", "toolbar.mute");
    if (camera) this.#wear(this.#camera, "camera", "toolbar.stop_camera");
    else this.#wear(this.#camera, "camera-off", "toolbar.start_camera");
  }

  #wear(button, symbol, text) {
    button.dataset.state = symbol.endsWith("-off") ? "off" : "on";
    button.title = t(text);
    button.setAttribute("aria-label", t(text));
    button.replaceChildren(icon(symbol));
  }
}

customElements.define("conf-join", ConfJoin);
