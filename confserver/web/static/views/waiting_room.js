/**
 * The waiting room as its guest sees and hears it, dressed by the tenant: for what they wait, and how they will come
 * in. Nothing of the meeting is here.
 */

import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";
import { hearWaitingRoom } from "../room/waiting_sound.js";
import { t } from "../text/translate.js";
import { dress } from "./look.js";
import { ConfPreview } from "./preview.js";
import { ConfSound } from "./sound.js";

/** Event: `leave` (the guest does not want to wait any longer). */
export class ConfWaitingRoom extends HTMLElement {
  /** @type {import("../room/room_connection.js").RoomConnection} waiting; set before it is put into the page */
  connection;
  /** @type {boolean} whether the meeting has pictures; set before it is put into the page */
  hasVideo = true;
  #logo = element("img", { class: "logo", alt: "", hidden: true });
  #subject = element("p", { class: "waiting-subject" });
  #title = element("h1", { tabindex: "-1" });
  #text = element("p", { class: "waiting-text" });
  #word = element("p", { class: "look-text", dataset: { testid: "look-text" } });
  #music = this.#button("music", () => this.#toggleMusic());
  #leave = this.#button("stop-waiting", () => this.dispatchEvent(new Event("leave")));
  #sound = new ConfSound();
  #track = null;
  #isMusicMuted = false;
  #place = "";
  #heard = new AbortController();
  #gone = new AbortController();

  connectedCallback() {
    const { media } = this.connection;
    const preview = Object.assign(new ConfPreview(), { media, hasVideo: this.hasVideo });
    const unseen = element("p", { class: "hint" }, t("wait.unseen"));
    const news = element("div", { class: "waiting-news", role: "status" }, this.#title, this.#text);
    this.#leave.append(t("wait.leave"));
    const acts = element("div", { class: "answers" }, this.#music, this.#leave);
    const words = element("div", { class: "waiting-words" }, this.#logo, this.#subject, news, this.#word, acts);
    const glass = element("div", { class: "waiting-glass" }, preview, unseen);
    this.replaceChildren(this.#sound, element("main", { class: "waiting-room card" }, words, glass));
    this.#sound.speaker = media.chosen.speaker;
    media.addEventListener("change", () => this.#sound.tryAgain(), { signal: this.#gone.signal });
    this.#wearMusic();
    this.#title.focus();
  }

  disconnectedCallback() {
    this.#heard.abort();
    this.#gone.abort();
  }

  /** @param {object} waiting the message of docs/protocol.md; again whenever it changes */
  show({ reason, subject, host_name: hostName, look, seat_token: place }) {
    const name = hostName || t("wait.host");
    this.dataset.reason = reason;
    this.#subject.textContent = subject;
    this.#title.textContent = t(`wait.${reason}.title`);
    this.#text.textContent = t(`wait.${reason}.text`, { name });
    this.#word.textContent = look.text ?? "";
    this.#logo.hidden = look.logo_url === null;
    if (look.logo_url !== null && this.#logo.getAttribute("src") !== look.logo_url) this.#logo.src = look.logo_url;
    dress(this, look);
    this.#music.hidden = !look.has_music;
    // After a loss the place is another one, and so is its sound.
    if (look.has_music && place !== this.#place) this.#listen();
    this.#place = place;
  }

  #listen() {
    this.#heard.abort();
    this.#heard = new AbortController();
    const hear = (track) => {
      this.#track = track;
      track.enabled = !this.#isMusicMuted;
      this.#sound.hear(track);
    };
    hearWaitingRoom(this.connection.link, hear, this.#heard.signal);
  }

  #toggleMusic() {
    this.#isMusicMuted = !this.#isMusicMuted;
    if (this.#track) this.#track.enabled = !this.#isMusicMuted;
    this.#wearMusic();
  }

  #wearMusic() {
    const words = t(this.#isMusicMuted ? "wait.play" : "wait.silence");
    this.#music.replaceChildren(icon(this.#isMusicMuted ? "speaker-off" : "speaker"), words);
  }

  #button(id, press) {
    return element("button", { type: "button", class: "button", dataset: { testid: id }, on: { click: press } });
  }
}

customElements.define("conf-waiting-room", ConfWaitingRoom);
