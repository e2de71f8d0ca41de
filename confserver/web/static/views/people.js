/**
 * The list of everybody in the room, with a host's controls where one is host. It names what is wanted; it does nothing
 * itself.
 */

import { avatar } from "../base/avatar.js";
import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";
import { t } from "../text/translate.js";

/**
 * Events: `close`, `invite`; `mute` and `remove` (detail: a participant), `lock`, `end` of a host.
 */
export class ConfPeople extends HTMLElement {
  #heading = element("h2", { id: "people-title" });
  #list = element("ul", { class: "people-list" });
  #lock = this.#action("lock", "lock", "people.lock");
  #hostRow = element(
    "div",
    { class: "host-row", role: "group", "aria-label": t("people.host_row") },
    this.#lock,
    this.#action("end", "leave", "people.end"),
  );
  #invite = this.#action("invite", "copy", "people.invite");

  connectedCallback() {
    this.setAttribute("role", "region");
    this.setAttribute("aria-labelledby", "people-title");
    this.dataset.testid = "people";
    const close = element(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-label": t("people.close"),
        on: { click: () => this.dispatchEvent(new Event("close")) },
      },
      icon("close"),
    );
    const heading = element("div", { class: "people-heading" }, this.#heading, close);
    this.replaceChildren(heading, this.#list, element("div", { class: "people-actions" }, this.#invite, this.#hostRow));
  }

  /**
   * @param {import("../room/room_state.js").RoomState} state
   * @param {{canInvite: boolean}} options
   */
  show(state, { canInvite }) {
    const isHost = state.role === "host";
    this.#heading.textContent = t("people.title", { count: state.participants.size });
    this.#invite.hidden = !canInvite;
    this.#hostRow.hidden = !isHost;
    this.#label(this.#lock, state.isLocked ? "unlock" : "lock", state.isLocked ? "people.unlock" : "people.lock");
    const focused = document.activeElement?.closest("conf-people [data-key]")?.dataset.key;
    this.#list.replaceChildren(...[...state.participants.values()].map((person) => this.#row(person, state, isHost)));
    // The list is built anew; somebody in the middle of it with the keyboard stays where they were.
    if (focused) this.#list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  #row(person, state, isHost) {
    const isSelf = person.id === state.selfId;
    const isMissed = state.missed.has(person.id);
    const notes = [
      isSelf && t("people.you"),
      person.role === "host" && t("people.host"),
      isMissed && t("people.reconnecting"),
    ].filter(Boolean);
    const row = element(
      "li",
      { dataset: { testid: "person", participantId: person.id } },
      avatar(person.id, person.display_name),
      element(
        "span",
        { class: "who" },
        element("span", { class: "person-name" }, person.display_name),
        element("span", { class: "notes" }, notes.join(" · ")),
      ),
      ...this.#marks(person, { hasMuteButton: isHost && !isSelf, hasVideo: state.cells > 0 }),
      ...(isHost && !isSelf ? this.#hostButtons(person) : []),
    );
    row.classList.toggle("is-away", isMissed);
    row.classList.toggle("is-speaking", state.speakers.includes(person.id));
    return row;
  }

  #marks(person, { hasMuteButton, hasVideo }) {
    const mark = (symbol, text) => {
      const label = t(text, { name: person.display_name });
      return element("span", { class: "mark", role: "img", "aria-label": label, title: label }, icon(symbol));
    };
    return [
      person.has_screen ? mark("screen", "people.shares") : null,
      hasVideo && !person.has_camera ? mark("camera-off", "people.no_camera") : null,
      // The button to mute shows the same already.
      person.is_muted && !hasMuteButton
        ? mark("microphone-off", person.is_muted_by_host ? "people.muted_by_host" : "people.muted")
        : null,
    ];
  }

  #hostButtons(person) {
    const symbol = person.is_muted ? "microphone-off" : "microphone";
    const button = (command, symbol, text, state) => {
      const label = t(text, { name: person.display_name });
      const press = () => this.dispatchEvent(new CustomEvent(command, { detail: person }));
      const dataset = { testid: `person-${command}`, key: `${command} ${person.id}`, state };
      const look = { type: "button", class: "icon-button", "aria-label": label, title: label };
      return element("button", { ...look, dataset, on: { click: press } }, icon(symbol));
    };
    const mute = person.is_muted_by_host
      ? button("mute", symbol, "people.unmute", "off")
      : button("mute", symbol, "people.mute", "on");
    return [mute, button("remove", "remove", "people.remove", "on")];
  }

  #action(command, symbol, text) {
    const press = () => this.dispatchEvent(new Event(command));
    const look = { type: "button", class: "button is-small", dataset: { testid: `people-${command}` } };
    const button = element("button", { ...look, on: { click: press } });
    this.#label(button, symbol, text);
    return button;
  }

  #label(button, symbol, text) {
    if (button.dataset.text === text) return;
    button.dataset.text = text;
    button.replaceChildren(icon(symbol), t(text));
  }
}

customElements.define("conf-people", ConfPeople);
