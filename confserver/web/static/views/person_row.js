/**
 * One person in the list: who they are, what others should know of them, and the way to what one may do with them.
 */

import { avatar } from "../base/avatar.js";
import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";
import { isHostIn } from "../room/room_state.js";
import { t } from "../text/translate.js";
import { rankOf } from "./rank.js";

/**
 * The elements stay while the person changes: nobody loses the button under their finger.
 * Events: `mute` (detail: a participant), `menu` (detail: the participant and the button beside which it opens).
 */
export class PersonRow extends EventTarget {
  #person;
  #face = element("span", { class: "face" });
  #name = element("span", { class: "person-name" });
  #rank = element("span", { class: "rank" });
  #notes = element("span", { class: "notes" });
  #marks = element("span", { class: "marks" });
  #mute = this.#button("person-mute", () => this.#ask("mute", this.#person));
  #menu = this.#button("person-menu", () => this.#ask("menu", { person: this.#person, opener: this.#menu }));
  #row;

  constructor() {
    super();
    this.#menu.setAttribute("aria-haspopup", "menu");
    this.#menu.append(icon("more"));
    const name = element("span", { class: "name-line" }, this.#name, this.#rank);
    const who = element("span", { class: "who" }, name, this.#notes);
    const dataset = { testid: "person" };
    this.#row = element("li", { dataset }, this.#face, who, this.#marks, this.#mute, this.#menu);
  }

  /** Its list item. */
  get item() {
    return this.#row;
  }

  /**
   * @param {import("../room/room_state.js").Participant} person
   * @param {import("../room/room_state.js").RoomState} state
   * @param {boolean} hasMenu there is something to do with them
   */
  show(person, state, hasMenu) {
    const isSelf = person.id === state.selfId;
    const isMissed = state.missed.has(person.id);
    const hasMute = isHostIn(state) && !isSelf;
    this.#person = person;
    this.#row.dataset.participantId = person.id;
    this.#row.classList.toggle("is-away", isMissed);
    this.#row.classList.toggle("is-speaking", state.speakers.includes(person.id));
    this.#face.replaceChildren(avatar(person.id, person.display_name));
    this.#name.textContent = person.display_name;
    this.#rank.replaceChildren(...rankOf(person));
    this.#notes.textContent = notesOn(person, state, { isSelf, isMissed })
      .map((key) => t(key))
      .join(" · ");
    this.#marks.replaceChildren(...marksOf(person, { hasMute, hasVideo: state.cells > 0 }));
    this.#mute.hidden = !hasMute;
    this.#menu.hidden = !hasMenu;
    this.#wearMute(person);
    label(this.#menu, "people.menu", person);
  }

  #wearMute(person) {
    const isOff = person.is_muted_by_host;
    this.#mute.dataset.state = isOff ? "off" : "on";
    this.#mute.replaceChildren(icon(person.is_muted ? "microphone-off" : "microphone"));
    label(this.#mute, isOff ? "people.unmute" : "people.mute", person);
  }

  #button(id, press) {
    return element("button", { type: "button", class: "icon-button", dataset: { testid: id }, on: { click: press } });
  }

  #ask(event, detail) {
    this.dispatchEvent(new CustomEvent(event, { detail }));
  }
}

function notesOn(person, state, { isSelf, isMissed }) {
  return [
    isSelf && "people.you",
    person.is_chairman ? "people.chairman" : person.role === "host" && "people.host",
    state.spotlightId === person.id && "people.spotlit",
    state.control === "MASTER" && person.role !== "host" && person.has_floor && "people.has_floor",
    person.position === -1 && "people.hidden",
    isMissed && "people.reconnecting",
  ].filter(Boolean);
}

function marksOf(person, { hasMute, hasVideo }) {
  const mark = (symbol, text) => {
    const words = t(text, { name: person.display_name });
    return element("span", { class: "mark", role: "img", "aria-label": words, title: words }, icon(symbol));
  };
  return [
    person.hand ? mark("hand", "people.hand") : null,
    person.has_screen ? mark("screen", "people.shares") : null,
    hasVideo && !person.has_camera
      ? mark("camera-off", person.is_camera_stopped ? "people.camera_stopped" : "people.no_camera")
      : null,
    // The button to mute shows the same already.
    person.is_muted && !hasMute
      ? mark("microphone-off", person.is_muted_by_host ? "people.muted_by_host" : "people.muted")
      : null,
  ].filter(Boolean);
}

function label(button, text, { display_name: name }) {
  const words = t(text, { name });
  button.setAttribute("aria-label", words);
  button.title = words;
}
