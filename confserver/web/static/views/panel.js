/**
 * The frame of a panel beside the pictures, which covers them on a small screen: a heading, a button to close it, and
 * Escape, which does the same.
 */

import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";
import { t } from "../text/translate.js";

/** Event: `close` (the person wants it gone). What derives from it fills `body` and sets `title`. */
export class Panel extends HTMLElement {
  #name;
  #heading;
  #close;
  body = element("div", { class: "panel-body" });

  /** @param {string} name its `data-testid`, and the prefix of its texts */
  constructor(name) {
    super();
    this.#name = name;
    this.#heading = element("h2", { id: `${name}-title` });
    const close = () => this.dispatchEvent(new Event("close"));
    const look = { type: "button", class: "icon-button", "aria-label": t(`${name}.close`), on: { click: close } };
    this.#close = element("button", look, icon("close"));
    this.addEventListener("keydown", (event) => event.key === "Escape" && close());
  }

  connectedCallback() {
    this.classList.add("panel");
    this.setAttribute("role", "region");
    this.setAttribute("aria-labelledby", this.#heading.id);
    this.dataset.testid = this.#name;
    const heading = element("div", { class: "panel-heading" }, this.#heading, this.#close);
    this.replaceChildren(heading, this.body);
  }

  /** @param {string} title */
  set title(title) {
    this.#heading.textContent = title;
  }

  /** Puts the keyboard into it. */
  enter() {
    this.#close.focus();
  }
}
