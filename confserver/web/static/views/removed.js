/**
 * Who was shown the door, for hosts, and the way back for them: folded away, as it is seldom wanted. It is not there
 * while nobody is out.
 */

import { element } from "../base/elements.js";
import { t } from "../text/translate.js";

/** Event: `request` (detail: a command of docs/protocol.md). */
export class ConfRemoved extends HTMLElement {
  #title = element("summary", { dataset: { testid: "removed-title" } });
  #list = element("ul");
  #rows = new Map();

  connectedCallback() {
    this.classList.add("section");
    this.dataset.testid = "removed";
    this.replaceChildren(element("details", {}, this.#title, this.#list));
  }

  /** @param {import("../room/room_state.js").Removed[]} removed oldest first */
  show(removed) {
    this.hidden = removed.length === 0;
    this.#title.textContent = t("removed.title", { count: removed.length });
    const out = new Set(removed.map(({ id }) => id));
    for (const [id, row] of this.#rows) {
      if (out.has(id)) continue;
      // The keyboard stays in the section for the next one.
      if (row.contains(document.activeElement)) this.#title.focus();
      row.remove();
      this.#rows.delete(id);
    }
    for (const one of removed)
      if (!this.#rows.has(one.id)) this.#rows.set(one.id, this.#list.appendChild(this.#row(one)));
  }

  #row({ id, display_name: name, is_banned: isBanned, by }) {
    const detail = { type: "readmit", removal_id: id };
    const press = () => this.dispatchEvent(new CustomEvent("request", { detail }));
    const look = { type: "button", class: "button is-small", dataset: { testid: "removed-readmit" } };
    const label = t("removed.readmit_name", { name });
    const button = element("button", { ...look, "aria-label": label, on: { click: press } }, t("removed.readmit"));
    const note = t(isBanned ? "removed.banned" : "removed.removed", { name: by });
    const who = [element("span", { class: "person-name" }, name), element("span", { class: "notes" }, note)];
    return element("li", { dataset: { testid: "removed-person" } }, element("span", { class: "who" }, ...who), button);
  }
}

customElements.define("conf-removed", ConfRemoved);
