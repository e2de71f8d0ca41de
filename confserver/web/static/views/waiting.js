/**
 * Who waits to be let in, for hosts: one by one, or all at once. It is not there while nobody waits.
 */

import { element } from "../base/elements.js";
import { t } from "../text/translate.js";

/** Events: `request` (detail: a command of docs/protocol.md), `decline` (detail: who waits). */
export class ConfWaiting extends HTMLElement {
  #heading = element("h3", { id: "waiting-title" });
  #all = this.#button("waiting-admit-all", t("waiting.admit_all"), () => this.#admit(null));
  #list = element("ul", { class: "waiting-list" });
  #rows = new Map();

  connectedCallback() {
    this.classList.add("section");
    this.setAttribute("role", "group");
    this.setAttribute("aria-labelledby", "waiting-title");
    this.dataset.testid = "waiting";
    this.replaceChildren(element("div", { class: "section-heading" }, this.#heading, this.#all), this.#list);
  }

  /** @param {import("../room/room_state.js").Waiting[]} waiting longest first */
  show(waiting) {
    this.hidden = waiting.length === 0;
    this.#heading.textContent = t("waiting.title", { count: waiting.length });
    this.#all.hidden = waiting.length < 2;
    const present = new Map(waiting.map((one) => [one.id, one]));
    for (const [id, row] of this.#rows) {
      if (present.has(id)) continue;
      row.remove();
      this.#rows.delete(id);
    }
    for (const [id, one] of present)
      if (!this.#rows.has(id)) this.#rows.set(id, this.#list.appendChild(this.#row(one)));
  }

  #row(one) {
    const name = one.display_name;
    const notes = [one.is_known && "waiting.known", one.was_removed && "waiting.was_removed"].filter(Boolean);
    const admit = this.#button("waiting-admit", t("waiting.admit"), () => this.#admit(one.id));
    const decline = () => this.dispatchEvent(new CustomEvent("decline", { detail: one }));
    const refuse = this.#button("waiting-decline", t("waiting.decline"), decline);
    admit.setAttribute("aria-label", t("waiting.admit_name", { name }));
    refuse.setAttribute("aria-label", t("waiting.decline_name", { name }));
    return element(
      "li",
      { dataset: { testid: "waiting-person" } },
      element(
        "span",
        { class: "who" },
        element("span", { class: "person-name" }, name),
        element("span", { class: "notes" }, notes.map((key) => t(key)).join(" · ")),
      ),
      refuse,
      admit,
    );
  }

  #admit(id) {
    this.dispatchEvent(new CustomEvent("request", { detail: { type: "admit", waiting_id: id } }));
  }

  #button(id, text, press) {
    const kind = id.startsWith("waiting-admit") ? "button is-small is-main" : "button is-small";
    return element("button", { type: "button", class: kind, dataset: { testid: id }, on: { click: press } }, text);
  }
}

customElements.define("conf-waiting", ConfWaiting);
