/**
 * A list whose order a host changes: by dragging with mouse or finger, or with the arrow keys on the grip of an entry.
 * It knows names and their order; what becomes of it is for whoever shows it.
 */

import { avatar } from "../base/avatar.js";
import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";
import { t } from "../text/translate.js";
import { openDialog } from "./dialogs.js";

const STEPS = { ArrowUp: -1, ArrowDown: 1 };

export class ConfOrder extends HTMLElement {
  #list = element("ol", { class: "order-list" });
  #said = element("p", { class: "for-ears", role: "status", "aria-live": "assertive" });

  connectedCallback() {
    this.dataset.testid = "order";
    this.replaceChildren(element("p", { class: "hint", id: "order-hint" }, t("order.hint")), this.#list, this.#said);
  }

  /** @param {{id: string, display_name: string}[]} people in their order now */
  set people(people) {
    this.#list.replaceChildren(...people.map((person) => this.#row(person)));
  }

  /** @returns {string[]} their ids in the order that was chosen */
  get ids() {
    return [...this.#list.children].map(({ dataset }) => dataset.participantId);
  }

  #row({ id, display_name: name }) {
    const grip = element(
      "button",
      {
        type: "button",
        class: "icon-button grip",
        "aria-label": t("order.grip", { name }),
        "aria-describedby": "order-hint",
        dataset: { testid: "order-grip" },
        on: { keydown: (event) => this.#step(event, row), pointerdown: (event) => this.#drag(event, row) },
      },
      icon("grip"),
    );
    const label = element("span", { class: "person-name" }, name);
    const row = element("li", { dataset: { participantId: id } }, avatar(id, name), label, grip);
    return row;
  }

  #step(event, row) {
    if (!(event.key in STEPS)) return;
    event.preventDefault();
    const rows = [...this.#list.children];
    const at = rows.indexOf(row) + STEPS[event.key];
    if (at < 0 || at >= rows.length) return;
    this.#move(row, at);
    event.currentTarget.focus();
  }

  #drag(event, row) {
    const grip = event.currentTarget;
    grip.setPointerCapture(event.pointerId);
    row.classList.add("is-dragged");
    const follow = ({ clientY }) => {
      const at = [...this.#list.children].findIndex((other) => clientY < other.getBoundingClientRect().bottom);
      this.#move(row, at === -1 ? this.#list.children.length - 1 : at);
    };
    const drop = () => {
      row.classList.remove("is-dragged");
      grip.removeEventListener("pointermove", follow);
    };
    grip.addEventListener("pointermove", follow);
    grip.addEventListener("lostpointercapture", drop, { once: true });
  }

  #move(row, at) {
    const rows = [...this.#list.children];
    const from = rows.indexOf(row);
    if (from === at) return;
    // The others move round it: what is taken out of the page loses pointer and keyboard.
    if (at < from) for (const other of rows.slice(at, from).reverse()) row.after(other);
    else for (const other of rows.slice(from + 1, at + 1)) row.before(other);
    const name = row.querySelector(".person-name").textContent;
    this.#said.textContent = t("order.moved", { name, place: at + 1, count: rows.length });
  }
}

customElements.define("conf-order", ConfOrder);

/**
 * @param {import("../room/room_state.js").RoomState} state
 * @returns {Promise<object|null>} a command of docs/protocol.md
 */
export function askForOrder(state) {
  const order = new ConfOrder();
  order.people = inOrder(state);
  let answer = null;
  const choose = (participant_ids) => {
    answer = { type: "arrange", participant_ids };
    dialog.close();
  };
  const button = (name, kind, press) =>
    element(
      "button",
      { type: "button", class: kind, dataset: { testid: `order-${name}` }, on: { click: press } },
      t(`order.${name}`),
    );
  const answers = element(
    "div",
    { class: "answers" },
    button("automatic", "button", () => choose([])),
    button("apply", "button is-main", () => choose(order.ids)),
  );
  const dialog = openDialog("order-dialog", t("order.title"), order, answers);
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(answer)));
}

/** As the cells have it now; those without one come after, as they came in. Who is hidden has no place. */
function inOrder({ participants }) {
  const shown = [...participants.values()].filter(({ position }) => position !== -1);
  const cellOf = ({ position }) => position ?? Infinity;
  return shown.sort((one, other) => (cellOf(one) === cellOf(other) ? 0 : cellOf(one) - cellOf(other)));
}
