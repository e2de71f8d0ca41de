/**
 * Before the meeting: a name, a look at oneself, the devices, the PIN, and the button to join.
 */

import { element } from "../base/elements.js";
import { recall, remember } from "../base/storage.js";
import { readable } from "../base/times.js";
import { t } from "../text/translate.js";
import { ConfDevicePicker } from "./device_picker.js";
import { ConfPreview } from "./preview.js";

const NAME_LENGTH = 64;

/** Event: `join` (detail: `{display_name, pin}`). */
export class ConfJoin extends HTMLElement {
  /** @type {import("../media/local_media.js").LocalMedia} set before it is put into the page */
  media;
  /** @type {import("../pages/invitation.js").Invitation} set before it is put into the page */
  invitation;
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
  #pinLabel = element("label", { for: "pin" }, t("join.pin"));
  #pinField = element("div", { class: "field" }, this.#pinLabel, this.#pin);
  #hostPin = element(
    "details",
    { class: "disclosure", dataset: { testid: "host-pin" } },
    element("summary", {}, t("join.have_host_pin")),
  );
  #error = element("p", { class: "problem", id: "join-error", role: "alert", dataset: { testid: "join-error" } });
  #countdown = element("p", { class: "hint", "aria-hidden": "true" });
  #join = element("button", { class: "button is-main", dataset: { testid: "join" } }, t("join.join"));

  connectedCallback() {
    const { media } = this;
    const { hasVideo } = this.invitation;
    const preview = Object.assign(new ConfPreview(), { media, hasVideo });
    const picker = Object.assign(new ConfDevicePicker(), { media, hasCamera: hasVideo });
    this.replaceChildren(element("main", { class: "join card" }, this.#heading(), preview, this.#form(), picker));
    this.#pin.value = this.invitation.pin;
    this.#askPin(this.invitation.isPinAsked && this.invitation.pin === "");
    if (this.invitation.hasHostPin) this.#offerHostPin();
    this.#name.value = recall("display_name") || this.invitation.displayName;
    (this.#name.value === "" ? this.#name : this.#join).focus();
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
    if (isAboutPin && this.#hostPin.isConnected) this.#hostPin.open = true;
    else if (isAboutPin) this.#askPin(true);
    if (isAboutPin) this.#pin.select();
    if (retryAfterS > 0) this.#countDown(performance.now() + retryAfterS * 1000);
  }

  #heading() {
    const hints = hintsOn(this.invitation).map((text) => element("p", { class: "hint" }, text));
    return element("header", { class: "join-heading" }, element("h1", {}, this.invitation.subject), ...hints);
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

  /** In the place of the field, which nobody needs to fill in who is no host. */
  #offerHostPin() {
    this.#pinLabel.textContent = t("join.host_pin");
    this.#pinField.hidden = false;
    this.#pinField.replaceWith(this.#hostPin);
    this.#hostPin.append(this.#pinField);
  }

  #countDown(until) {
    const left = Math.ceil((until - performance.now()) / 1000);
    this.#join.disabled = left > 0;
    this.#countdown.textContent = left > 0 ? t("join.retry", { seconds: left }) : "";
    if (left > 0 && this.isConnected) setTimeout(() => this.#countDown(until), 250);
  }
}

/** What there is to know before one knocks. */
function hintsOn({ hostName, startsAt, state, hasWaitingRoom, isPersonal }) {
  const isToCome = startsAt !== null && new Date(startsAt) > new Date();
  return [
    hostName && t("join.host", { name: hostName }),
    isToCome && t("join.starts", { time: readable(startsAt) }),
    state === "not_started" ? t("join.host_starts") : hasWaitingRoom && t("join.host_admits"),
    isPersonal && t("join.personal"),
  ].filter(Boolean);
}

customElements.define("conf-join", ConfJoin);
