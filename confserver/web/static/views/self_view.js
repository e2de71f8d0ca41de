/**
 * One's own picture, mirrored as in a looking glass, small and outside the layout.
 */

import { avatar } from "../base/avatar.js";
import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";
import { t } from "../text/translate.js";

export class ConfSelfView extends HTMLElement {
  #video = element("video", { autoplay: true, playsinline: true, "aria-hidden": "true" });
  #standIn = element("div", { class: "stand-in" });
  #muted = element("span", { class: "muted-mark", "aria-hidden": "true" }, icon("microphone-off"));
  #hand = element(
    "span",
    { class: "hand-mark", role: "img", "aria-label": t("self.hand"), hidden: true },
    icon("hand"),
  );
  #camera = null;

  connectedCallback() {
    this.setAttribute("role", "region");
    this.setAttribute("aria-label", t("self.label"));
    this.dataset.testid = "self-view";
    this.#video.muted = true;
    const plate = element("div", { class: "plate" }, this.#muted, element("span", { class: "name" }, t("self.name")));
    this.replaceChildren(this.#video, this.#standIn, this.#hand, plate);
  }

  /**
   * @param {import("../media/local_media.js").LocalMedia} media
   * @param {import("../room/room_state.js").Participant} person
   * @param {boolean} isSpeaking
   */
  show(media, person, isSpeaking) {
    if (media.camera !== this.#camera) {
      this.#camera = media.camera;
      this.#video.srcObject = media.camera && new MediaStream([media.camera]);
    }
    this.dataset.picture = media.camera ? "live" : "none";
    this.#standIn.replaceChildren(avatar(person.id, person.display_name));
    this.#hand.hidden = !person.hand;
    this.#muted.hidden = !media.isSilent;
    this.classList.toggle("is-speaking", isSpeaking);
  }
}

customElements.define("conf-self-view", ConfSelfView);
