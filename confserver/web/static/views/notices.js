/**
 * Short notices that come and go, seen and read aloud. They ask for nothing.
 */

import { element } from "../base/elements.js";

const SHOWN_MS = 6000;
const AT_MOST = 3;

export class ConfNotices extends HTMLElement {
  connectedCallback() {
    this.setAttribute("role", "status");
    this.setAttribute("aria-live", "polite");
    this.dataset.testid = "notices";
  }

  /** @param {string} text */
  say(text) {
    const notice = element("p", { class: "notice" }, text);
    this.append(notice);
    while (this.children.length > AT_MOST) this.firstElementChild.remove();
    setTimeout(() => notice.remove(), SHOWN_MS);
  }
}

customElements.define("conf-notices", ConfNotices);
