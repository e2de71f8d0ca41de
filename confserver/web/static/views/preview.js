/**
 * One's own picture before one is in, with the two buttons that decide how one comes in. Nobody else sees or hears it.
 */

import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";
import { t } from "../text/translate.js";

export class ConfPreview extends HTMLElement {
  /** @type {import("../media/local_media.js").LocalMedia} set before it is put into the page */
  media;
  /** @type {boolean} whether the meeting has pictures; set before it is put into the page */
  hasVideo = true;
  #video = element("video", { autoplay: true, playsinline: true, "aria-hidden": "true" });
  #noPicture = element("p", { class: "no-picture" });
  #microphone = this.#toggle("microphone", () => this.#toggleMicrophone());
  #camera = this.#toggle("camera", () => this.#toggleCamera());
  #gone = new AbortController();

  connectedCallback() {
    this.classList.add("preview");
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", t("join.preview"));
    this.#video.muted = true;
    const tools = element("div", { class: "preview-tools" }, this.#microphone, this.hasVideo ? this.#camera : "");
    this.replaceChildren(this.#video, this.#noPicture, tools);
    this.media.addEventListener("change", () => this.#show(), { signal: this.#gone.signal });
    this.#show();
  }

  disconnectedCallback() {
    this.#gone.abort();
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
    this.#noPicture.textContent = t(this.hasVideo ? "join.no_picture" : "join.audio_only");
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

customElements.define("conf-preview", ConfPreview);
