/**
 * Small cards that ask for an answer and wait for it, without taking the keyboard from what one does. At most one for
 * each occasion.
 */

import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";
import { t } from "../text/translate.js";

export class ConfPrompts extends HTMLElement {
  #cards = new Map();

  connectedCallback() {
    this.setAttribute("role", "status");
    this.setAttribute("aria-live", "polite");
    this.dataset.testid = "prompts";
  }

  /**
   * @param {string} id the occasion; a newer card takes the place of the older one
   * @param {string} text
   * @param {{label: string, press: () => void}} [action]
   */
  ask(id, text, action) {
    this.drop(id);
    const answer = () => {
      this.drop(id);
      action.press();
    };
    const look = { type: "button", class: "button is-small is-main", dataset: { testid: `prompt-${id}-yes` } };
    const dismiss = { type: "button", class: "icon-button", "aria-label": t("prompt.dismiss") };
    const card = element(
      "div",
      { class: "prompt card", dataset: { testid: `prompt-${id}` } },
      element("p", {}, text),
      action ? element("button", { ...look, on: { click: answer } }, action.label) : null,
      element("button", { ...dismiss, on: { click: () => this.drop(id) } }, icon("close")),
    );
    this.#cards.set(id, card);
    this.append(card);
  }

  /** @param {string} id its occasion has passed */
  drop(id) {
    this.#cards.get(id)?.remove();
    this.#cards.delete(id);
  }
}

customElements.define("conf-prompts", ConfPrompts);
