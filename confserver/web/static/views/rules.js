/**
 * The rules of the room that a host sets while it lasts: how people come in, who is heard, how many are seen. It shows
 * what holds now, whoever has changed it.
 */

import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";
import { t } from "../text/translate.js";

const LAYOUTS = ["LAYOUT0", "LAYOUT1", "LAYOUT2", "LAYOUT3", "LAYOUT4", "LAYOUT6", "LAYOUT9"];

/** Events: `request` (detail: a command of docs/protocol.md), `order` (the host wants to change the order). */
export class ConfRules extends HTMLElement {
  #muteOnEntry = this.#toggle("mute_on_entry", (isOn) => ({ type: "mute_on_entry", is_on: isOn }));
  #master = this.#toggle("master", (isOn) => ({ type: "control", control: isOn ? "MASTER" : "FREE" }));
  #layout = element(
    "select",
    {
      id: "rules-layout",
      dataset: { testid: "rules-layout" },
      on: { change: ({ target }) => this.#ask({ type: "layout", layout: target.value }) },
    },
    ...LAYOUTS.map((value) => element("option", { value }, t(`form.${value}`))),
  );
  #pictures = element(
    "div",
    { class: "stack" },
    element("div", { class: "field" }, element("label", { for: "rules-layout" }, t("form.layout")), this.#layout),
    this.#button("order", "layout", () => this.dispatchEvent(new Event("order"))),
  );

  connectedCallback() {
    this.classList.add("stack");
    const letAllSpeak = () => this.#ask({ type: "mute_all", is_muted: false });
    const voices = this.#button("let_speak", "microphone", letAllSpeak);
    this.replaceChildren(this.#muteOnEntry.row, this.#master.row, voices, this.#pictures);
  }

  /** @param {import("../room/room_state.js").RoomState} state */
  show(state) {
    this.#muteOnEntry.box.checked = state.isMuteOnEntry;
    this.#master.box.checked = state.control === "MASTER";
    this.#layout.value = state.layout;
    this.#pictures.hidden = state.cells === 0;
  }

  #toggle(name, commandFor) {
    const id = `rules-${name}`;
    const change = ({ target }) => this.#ask(commandFor(target.checked));
    const look = { type: "checkbox", role: "switch", id, "aria-describedby": `${id}-hint`, dataset: { testid: id } };
    const box = element("input", { ...look, on: { change } });
    const words = element("label", { for: id }, t(`rules.${name}`));
    const hint = element("p", { class: "hint", id: `${id}-hint` }, t(`rules.${name}_hint`));
    return { box, row: element("div", { class: "switch" }, box, words, hint) };
  }

  #button(name, symbol, press) {
    const look = { type: "button", class: "button", dataset: { testid: `rules-${name}` } };
    return element("button", { ...look, on: { click: press } }, icon(symbol), t(`rules.${name}`));
  }

  #ask(command) {
    this.dispatchEvent(new CustomEvent("request", { detail: command }));
  }
}

customElements.define("conf-rules", ConfRules);
