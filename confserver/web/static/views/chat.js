/**
 * The panel in which people write: what was written, and a field for one's own words, to everybody or to one. Whatever
 * people typed is text and never becomes markup.
 */

import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";
import { t } from "../text/translate.js";
import { Panel } from "./panel.js";

const MOST_CHARACTERS = 2000;
const EVERYBODY = "";
/** Who reads the end of the list goes on reading it as it grows. */
const AT_END_PX = 48;

/** Events: `close`, `write` (detail: a command of docs/protocol.md; prevented, it was not sent and is kept). */
export class ConfChat extends Panel {
  #empty = element("p", { class: "chat-empty hint" }, t("chat.empty"));
  #list = element("div", {
    class: "chat-list",
    role: "log",
    "aria-live": "polite",
    "aria-label": t("chat.list"),
    tabindex: "0",
  });
  #to = element("select", { id: "chat-to", dataset: { testid: "chat-to" } });
  #field = element("textarea", {
    id: "chat-text",
    rows: 2,
    maxlength: MOST_CHARACTERS,
    "aria-label": t("chat.text"),
    placeholder: t("chat.text"),
    dataset: { testid: "chat-text" },
    on: { keydown: (event) => this.#press(event) },
  });
  #written = "";
  #last = null;

  constructor() {
    super("chat");
    const send = element(
      "button",
      { class: "icon-button", "aria-label": t("chat.send"), title: t("chat.send"), dataset: { testid: "chat-send" } },
      icon("send"),
    );
    const to = element("div", { class: "chat-to" }, element("label", { for: "chat-to" }, t("chat.to")), this.#to);
    const line = element("div", { class: "chat-line" }, this.#field, send);
    const form = element("form", { class: "chat-form", on: { submit: (event) => this.#submit(event) } }, to, line);
    this.body.append(this.#empty, this.#list, form);
    this.title = t("chat.title");
  }

  /**
   * @param {import("../room/chat_log.js").LoggedMessage[]} messages
   * @param {import("../room/room_state.js").RoomState} state
   */
  show(messages, state) {
    this.#empty.hidden = messages.length > 0;
    this.#list.hidden = messages.length === 0;
    this.#showPeople(state);
    if (messages.at(-1) === this.#last) return;
    const isAtEnd = this.#list.scrollHeight - this.#list.scrollTop - this.#list.clientHeight < AT_END_PX;
    const fresh = messages.slice(messages.indexOf(this.#last) + 1);
    this.#last = messages.at(-1);
    this.#list.append(...fresh.map(line));
    while (this.#list.children.length > messages.length) this.#list.firstElementChild.remove();
    if (isAtEnd || this.#last.isOwn) this.toEnd();
  }

  /** Shows what was written last. */
  toEnd() {
    this.#list.scrollTop = this.#list.scrollHeight;
  }

  /** Puts the keyboard where one writes, to this person if one is named. */
  enter(person = null) {
    if (person) this.#to.value = person.id;
    this.#field.focus();
    this.toEnd();
  }

  /** The server did not take what was written last: it is back where it was typed, unless something new is there. */
  restore() {
    if (this.#field.value === "") this.#field.value = this.#written;
  }

  #showPeople({ participants, selfId }) {
    const others = [...participants.values()].filter(({ id }) => id !== selfId);
    const look = others.map(({ id, display_name: name }) => `${id} ${name}`).join("\n");
    if (this.#to.dataset.look === look) return;
    const chosen = this.#to.value;
    this.#to.dataset.look = look;
    const options = others.map(({ id, display_name: name }) =>
      element("option", { value: id }, t("chat.to_one", { name })),
    );
    // What is meant for one who has just left is not for everybody's eyes: the choice stays, and the server says no.
    const gone = chosen === EVERYBODY || participants.has(chosen) ? [] : [...this.#to.selectedOptions];
    this.#to.replaceChildren(element("option", { value: EVERYBODY }, t("chat.to_all")), ...options, ...gone);
    this.#to.value = chosen;
  }

  #press(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#field.form.requestSubmit();
  }

  #submit(event) {
    event.preventDefault();
    const text = this.#field.value.trim();
    if (text === "") return;
    const command = { type: "chat", text, to: this.#to.value || null };
    const isSent = this.dispatchEvent(new CustomEvent("write", { detail: command, cancelable: true }));
    if (!isSent) return;
    this.#written = this.#field.value;
    this.#field.value = "";
  }
}

function line({ from_name: name, isOwn, to_id: toId, toName, text, at }) {
  const time = new Date(at * 1000);
  const shown = time.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
  const privately = isOwn ? t("chat.only_to", { name: toName }) : t("chat.only_you");
  const item = element(
    "div",
    { dataset: { testid: "chat-message" } },
    element(
      "p",
      { class: "chat-from" },
      element("strong", {}, isOwn ? t("chat.you") : name),
      toId === null ? null : element("span", { class: "chat-private" }, privately),
      element("time", { datetime: time.toISOString() }, shown),
    ),
    element("p", { class: "chat-text" }, text),
  );
  item.classList.toggle("is-own", isOwn);
  item.classList.toggle("is-private", toId !== null);
  return item;
}

customElements.define("conf-chat", ConfChat);
