/**
 * The row of buttons of a meeting. It shows state and names commands; it does nothing itself.
 */

import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";
import { canShareScreen } from "../media/devices.js";
import { t } from "../text/translate.js";

/**
 * @typedef {{isSilent: boolean, hasCamera: boolean, hasVideo: boolean, isSharing: boolean, isHandRaised: boolean,
 *   opened: string, peopleCount: number, waitingCount: number, unreadCount: number}} ToolbarState `opened`: the panel
 */

const ON = {
  microphone: { symbol: "microphone", text: "toolbar.mute", state: "on" },
  camera: { symbol: "camera", text: "toolbar.stop_camera", state: "on" },
  screen: { symbol: "screen", text: "toolbar.stop_screen", state: "active" },
  hand: { symbol: "hand", text: "toolbar.lower_hand", state: "active" },
};
const OFF = {
  microphone: { symbol: "microphone-off", text: "toolbar.unmute", state: "off" },
  camera: { symbol: "camera-off", text: "toolbar.start_camera", state: "off" },
  screen: { symbol: "screen", text: "toolbar.screen", state: "idle" },
  hand: { symbol: "hand", text: "toolbar.raise_hand", state: "idle" },
};
/** `isForWide`: where the screen is small, its place is in the menu of `more`. */
const BUTTONS = [
  { command: "microphone", key: "M", look: ({ isSilent }) => (isSilent ? OFF.microphone : ON.microphone) },
  { command: "camera", key: "V", look: ({ hasCamera }) => (hasCamera ? ON.camera : OFF.camera) },
  { command: "screen", key: "S", isForWide: true, look: ({ isSharing }) => (isSharing ? ON.screen : OFF.screen) },
  { command: "hand", key: "H", look: ({ isHandRaised }) => (isHandRaised ? ON.hand : OFF.hand) },
  { command: "react", menu: true, isForWide: true, look: () => ({ symbol: "smile", text: "toolbar.react" }) },
  { command: "chat", key: "C", look: () => ({ symbol: "chat", text: "toolbar.chat" }) },
  { command: "people", key: "P", look: () => ({ symbol: "people", text: "toolbar.people" }) },
  { command: "more", menu: true, look: () => ({ symbol: "more", text: "toolbar.more" }) },
  { command: "leave", key: "L", look: () => ({ symbol: "leave", text: "toolbar.leave" }) },
];

/** Event: `command` (detail: its name as in `SHORTCUTS`, or `react` and `more`, which open menus). */
export class ConfToolbar extends HTMLElement {
  #buttons = new Map();
  #badges = {
    people: badge("people-count", "toolbar.people_count"),
    waiting: badge("waiting-count", "toolbar.waiting_count"),
    unread: badge("unread-count", "toolbar.unread_count"),
  };

  connectedCallback() {
    this.setAttribute("role", "toolbar");
    this.setAttribute("aria-label", t("toolbar.label"));
    for (const button of BUTTONS) this.#buttons.set(button.command, this.#button(button));
    this.#buttons.get("people").append(this.#badges.people.mark, this.#badges.waiting.mark);
    this.#buttons.get("chat").append(this.#badges.unread.mark);
    this.replaceChildren(...this.#buttons.values());
  }

  /** @param {ToolbarState} state */
  show(state) {
    for (const { command, look } of BUTTONS) wear(this.#buttons.get(command), look(state));
    this.#buttons.get("camera").hidden = !state.hasVideo;
    this.#buttons.get("screen").hidden = !canShareScreen || !state.hasVideo;
    for (const panel of ["people", "chat"])
      this.#buttons.get(panel).setAttribute("aria-expanded", String(state.opened === panel));
    // Who waits is more urgent than how many are in.
    this.#badges.people.show(state.waitingCount === 0 ? state.peopleCount : 0);
    this.#badges.waiting.show(state.waitingCount);
    this.#badges.unread.show(state.unreadCount);
  }

  /**
   * @param {string} command
   * @returns {HTMLElement} its button
   */
  buttonOf(command) {
    return this.#buttons.get(command);
  }

  #button({ command, key, menu, isForWide }) {
    const press = (event) => {
      // A key pressed after a click belongs to the meeting, not to the button: the space bar is there to talk.
      if (event.detail > 0) event.currentTarget.blur();
      this.dispatchEvent(new CustomEvent("command", { detail: command }));
    };
    const look = element("span", { class: "look" });
    const attributes = {
      type: "button",
      class: isForWide ? "tool is-for-wide" : "tool",
      dataset: { testid: `toolbar-${command}`, command },
      "aria-keyshortcuts": key,
      "aria-haspopup": menu ? "menu" : null,
      on: { click: press },
    };
    return element("button", attributes, look);
  }
}

function wear(button, { symbol, text, state }) {
  if (button.dataset.text === text) return;
  const key = button.getAttribute("aria-keyshortcuts");
  button.dataset.text = text;
  if (state) button.dataset.state = state;
  button.title = key ? `${t(text)} (${key})` : t(text);
  button.firstElementChild.replaceChildren(icon(symbol), element("span", { class: "label" }, t(text)));
}

/** A number on a button, told in words to those who hear the page; none for zero. */
function badge(id, text) {
  const number = element("span", { "aria-hidden": "true", dataset: { testid: id } });
  const words = element("span", { class: "for-ears" });
  const mark = element("span", { class: `count is-${id}`, hidden: true }, number, words);
  const show = (count) => {
    mark.hidden = count === 0;
    number.textContent = count > 99 ? "99+" : String(count);
    words.textContent = t(text, { count });
  };
  return { mark, show };
}

customElements.define("conf-toolbar", ConfToolbar);
