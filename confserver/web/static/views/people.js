/**
 * The panel of people: who waits, whose hand is up, who is in, who is out, and a host's means to keep order. It names
 * what is wanted; it does nothing itself.
 */

import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";
import { controlsOf } from "../room/person_controls.js";
import { isHostIn } from "../room/room_state.js";
import { t } from "../text/translate.js";
import { ConfHands } from "./hands.js";
import { Panel } from "./panel.js";
import { PersonRow } from "./person_row.js";
import { ConfRemoved } from "./removed.js";
import { ConfWaiting } from "./waiting.js";

/**
 * Events: `close`, `invite`; of a host also `mute_all`, `lock`, `rules`, `end`; `mute` (detail: a participant), `menu`
 * (detail: participant and opener), `decline` (detail: who waits), `request` (detail: a command of docs/protocol.md).
 */
export class ConfPeople extends Panel {
  #waiting = new ConfWaiting();
  #hands = new ConfHands();
  #list = element("ul", { class: "people-list" });
  #removed = new ConfRemoved();
  #rows = new Map();
  #lock = this.#action("lock", "lock", "people.lock");
  #hostRow = element(
    "div",
    { class: "host-row", role: "group", "aria-label": t("people.host_row") },
    this.#action("mute_all", "microphone-off", "people.mute_all"),
    this.#lock,
    this.#action("rules", "settings", "people.rules"),
    this.#action("end", "leave", "people.end"),
  );
  #invite = this.#action("invite", "copy", "people.invite");

  constructor() {
    super("people");
    const actions = element("div", { class: "people-actions" }, this.#invite, this.#hostRow);
    const lists = [this.#waiting, this.#hands, this.#list, this.#removed];
    this.body.append(element("div", { class: "people-lists" }, ...lists), actions);
    for (const part of [this.#waiting, this.#hands, this.#removed]) {
      part.addEventListener("request", ({ detail }) => this.#tell("request", detail));
      part.addEventListener("decline", ({ detail }) => this.#tell("decline", detail));
    }
  }

  /**
   * @param {import("../room/room_state.js").RoomState} state
   * @param {{canInvite: boolean}} options
   */
  show(state, { canInvite }) {
    const isHost = isHostIn(state);
    this.title = t("people.title", { count: state.participants.size });
    this.#invite.hidden = !canInvite;
    this.#hostRow.hidden = !isHost;
    wear(this.#lock, state.isLocked ? "unlock" : "lock", state.isLocked ? "people.unlock" : "people.lock");
    this.#waiting.show(isHost ? state.waiting : []);
    this.#hands.show(state);
    this.#showList(state);
    this.#showRemoved(isHost ? state.removed : []);
  }

  #showList(state) {
    for (const [id, row] of this.#rows) {
      if (state.participants.has(id)) continue;
      // The keyboard is not lost with the one who leaves.
      if (row.item.contains(document.activeElement)) this.enter();
      row.item.remove();
      this.#rows.delete(id);
    }
    for (const person of state.participants.values()) {
      const row = this.#rows.get(person.id) ?? this.#newRow(person.id);
      row.show(person, state, controlsOf(person, state).length > 0);
    }
  }

  #showRemoved(removed) {
    const hasKeyboard = this.#removed.contains(document.activeElement);
    this.#removed.show(removed);
    if (hasKeyboard && this.#removed.hidden) this.enter();
  }

  #newRow(id) {
    const row = new PersonRow();
    for (const event of ["mute", "menu"]) row.addEventListener(event, ({ detail }) => this.#tell(event, detail));
    this.#rows.set(id, row);
    this.#list.append(row.item);
    return row;
  }

  #action(command, symbol, text) {
    const press = () => this.#tell(command);
    const look = { type: "button", class: "button is-small", dataset: { testid: `people-${command}` } };
    const button = element("button", { ...look, on: { click: press } });
    wear(button, symbol, text);
    return button;
  }

  #tell(event, detail) {
    this.dispatchEvent(new CustomEvent(event, { detail }));
  }
}

function wear(button, symbol, text) {
  if (button.dataset.text === text) return;
  button.dataset.text = text;
  button.replaceChildren(icon(symbol), t(text));
}

customElements.define("conf-people", ConfPeople);
