/**
 * Whose hand is up, first come first. Hosts take one or all of them down, and give the floor where it has to be given.
 */

import { element } from "../base/elements.js";
import { handsIn, isHostIn } from "../room/room_state.js";
import { t } from "../text/translate.js";

/** Event: `request` (detail: a command of docs/protocol.md). */
export class ConfHands extends HTMLElement {
  #heading = element("h3", { id: "hands-title" });
  #all = this.#button("hands-lower-all", () => this.#ask({ type: "lower_hand", participant_id: null }));
  #list = element("ol", { class: "hands-list" });
  #shown = "";

  connectedCallback() {
    this.classList.add("section");
    this.setAttribute("role", "group");
    this.setAttribute("aria-labelledby", "hands-title");
    this.dataset.testid = "hands";
    this.#all.textContent = t("hands.lower_all");
    this.replaceChildren(element("div", { class: "section-heading" }, this.#heading, this.#all), this.#list);
  }

  /** @param {import("../room/room_state.js").RoomState} state */
  show(state) {
    const hands = handsIn(state);
    const isHost = isHostIn(state);
    const isMaster = state.control === "MASTER";
    this.hidden = hands.length === 0;
    this.#heading.textContent = t("hands.title", { count: hands.length });
    this.#all.hidden = !isHost || hands.length < 2;
    const look = JSON.stringify([isHost, isMaster, hands.map(({ id, display_name }) => [id, display_name])]);
    if (look === this.#shown) return;
    this.#shown = look;
    this.#list.replaceChildren(...hands.map((person) => this.#row(person, isHost, isMaster)));
  }

  #row(person, isHost, isMaster) {
    const { id, display_name: name } = person;
    const lower = this.#button("hand-lower", () => this.#ask({ type: "lower_hand", participant_id: id }));
    lower.append(t("hands.lower"));
    lower.setAttribute("aria-label", t("hands.lower_name", { name }));
    const floor = this.#button("hand-floor", () => this.#ask({ type: "floor", participant_id: id, has_floor: true }));
    floor.classList.add("is-main");
    floor.append(t("hands.floor"));
    floor.setAttribute("aria-label", t("hands.floor_name", { name }));
    const buttons = [isHost && lower, isHost && isMaster && floor].filter(Boolean);
    return element("li", { dataset: { testid: "hand" } }, element("span", { class: "person-name" }, name), ...buttons);
  }

  #button(id, press) {
    const look = { type: "button", class: "button is-small", dataset: { testid: id } };
    return element("button", { ...look, on: { click: press } });
  }

  #ask(command) {
    this.dispatchEvent(new CustomEvent("request", { detail: command }));
  }
}

customElements.define("conf-hands", ConfHands);
