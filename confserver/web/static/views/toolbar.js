/**
 * The row of buttons of a meeting. It shows state and names commands; it does nothing itself.
 */

import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";
import { canShareScreen } from "../media/devices.js";
import { t } from "../text/translate.js";

/**
 * @typedef {{isSilent: boolean, hasMicrophone: boolean, hasCamera: boolean, hasVideo: boolean, isSharing: boolean,
 *   isPeopleOpen: boolean, peopleCount: number}} ToolbarState
 */

const ON = {
  microphone: { symbol: "microphone", text: "toolbar.mute", state: "on" },
  camera: { symbol: "camera", text: "toolbar.stop_camera", state: "on" },
  screen: { symbol: "screen", text: "toolbar.stop_screen", state: "active" },
};
const OFF = {
  microphone: { symbol: "microphone-off", text: "toolbar.unmute", state: "off" },
  camera: { symbol: "camera-off", text: "toolbar.start_camera", state: "off" },
  screen: { symbol: "screen", text: "toolbar.screen", state: "idle" },
};
const BUTTONS = [
  { command: "microphone", key: "M", look: ({ isSilent }) => (isSilent ? OFF.microphone : ON.microphone) },
  { command: "camera", key: "V", look: ({ hasCamera }) => (hasCamera ? ON.camera : OFF.camera) },
  { command: "screen", key: "S", look: ({ isSharing }) => (isSharing ? ON.screen : OFF.screen) },
  { command: "people", key: "P", look: () => ({ symbol: "people", text: "toolbar.people" }) },
  { command: "devices", key: "D", look: () => ({ symbol: "settings", text: "toolbar.devices" }) },
  { command: "shortcuts", key: "?", look: () => ({ symbol: "keyboard", text: "toolbar.shortcuts" }) },
  { command: "leave", key: "L", look: () => ({ symbol: "leave", text: "toolbar.leave" }) },
];

/** Event: `command` (detail: its name, as in `SHORTCUTS`). */
export class ConfToolbar extends HTMLElement {
  #buttons = new Map();
  #count = element("span", { class: "count", dataset: { testid: "people-count" } });

  connectedCallback() {
    this.setAttribute("role", "toolbar");
    this.setAttribute("aria-label", t("toolbar.label"));
    for (const { command, key } of BUTTONS) this.#buttons.set(command, this.#button(command, key));
    this.#buttons.get("screen").hidden = !canShareScreen;
    this.replaceChildren(...this.#buttons.values());
  }

  /** @param {ToolbarState} state */
  show(state) {
    for (const { command, look } of BUTTONS) this.#wear(this.#buttons.get(command), look(state));
    this.#buttons.get("camera").hidden = !state.hasVideo;
    this.#buttons.get("screen").hidden = !canShareScreen || !state.hasVideo;
    this.#buttons.get("people").setAttribute("aria-expanded", String(state.isPeopleOpen));
    this.#count.textContent = String(state.peopleCount);
    this.#buttons.get("people").append(this.#count);
  }

  #button(command, key) {
    const press = (event) => {
      // A key pressed after a click belongs to the meeting, not to the button: the space bar is there to talk.
      if (event.detail > 0) event.currentTarget.blur();
      this.dispatchEvent(new CustomEvent("command", { detail: command }));
    };
    return element("button", {
      type: "button",
      class: "tool",
      dataset: { testid: `toolbar-${command}`, command },
      "aria-keyshortcuts": key,
      on: { click: press },
    });
  }

  #wear(button, { symbol, text, state }) {
    if (button.dataset.text === text) return;
    button.dataset.text = text;
    if (state) button.dataset.state = state;
    button.title = `${t(text)} (${button.getAttribute("aria-keyshortcuts")})`;
    button.replaceChildren(icon(symbol), element("span", { class: "label" }, t(text)));
  }
}

customElements.define("conf-toolbar", ConfToolbar);
