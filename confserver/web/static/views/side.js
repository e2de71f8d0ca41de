/**
 * The place beside the pictures: one panel at a time, or none. It gives the keyboard back to whatever had it before.
 */

import { ChatLog } from "../room/chat_log.js";
import { ConfChat } from "./chat.js";
import { ConfPeople } from "./people.js";

/** Event: `change` (another panel is open, or none). */
export class ConfSide extends HTMLElement {
  people = new ConfPeople();
  chat = new ConfChat();
  #log = new ChatLog();
  #opener = null;

  connectedCallback() {
    for (const panel of this.#panels) {
      panel.hidden = true;
      panel.addEventListener("close", () => this.open(""));
    }
    this.append(...this.#panels);
  }

  /** @returns {""|"people"|"chat"} which one is open */
  get opened() {
    return this.#panels.find((panel) => !panel.hidden)?.dataset.testid ?? "";
  }

  /** How much was written that this person has not seen. */
  get unread() {
    return this.#log.unread;
  }

  /** @param {"people"|"chat"} name */
  toggle(name) {
    this.open(this.opened === name ? "" : name);
  }

  /**
   * @param {""|"people"|"chat"} name
   * @param {...unknown} entry for the panel's `enter`
   */
  open(name, ...entry) {
    if (this.opened === "") this.#opener = document.activeElement;
    // What is hidden keeps the keyboard for a moment, in which a shortcut would be taken for typing.
    if (name === "" && this.contains(document.activeElement)) document.activeElement.blur();
    for (const panel of this.#panels) panel.hidden = panel.dataset.testid !== name;
    if (name === "") this.#opener?.focus();
    this.dispatchEvent(new Event("change"));
    if (name !== "") this[name].enter(...entry);
  }

  /**
   * @param {import("../room/room_state.js").RoomState} state
   * @param {{canInvite: boolean}} options
   */
  show(state, options) {
    this.#log.follow(state, !this.chat.hidden);
    this.people.show(state, options);
    this.chat.show(this.#log.messages, state);
  }

  get #panels() {
    return [this.people, this.chat];
  }
}

customElements.define("conf-side", ConfSide);
