/**
 * A host's meetings, some at a time, and the field that looks for one. It does not know where they come from.
 */

import { element } from "../base/elements.js";
import { t } from "../text/translate.js";

const AT_ONCE = 20;
/** Nobody types on after so long a pause. */
const TYPED_MS = 250;

export class ConfMeetings extends HTMLElement {
  #read;
  #rowOf;
  #mostAtOnce;
  #meetings = [];
  #count = 0;
  #asked = 0;
  #typed = 0;
  #search = element("input", { id: "meetings-search", type: "search", maxlength: 64, dataset: { testid: "search" } });
  #found = element("p", { class: "hint", role: "status", dataset: { testid: "meetings-found" } });
  #list = element("ul", { class: "meetings", "aria-labelledby": "meetings-title" });
  #more = element(
    "button",
    {
      type: "button",
      class: "button",
      dataset: { testid: "more-meetings" },
      on: { click: () => this.#tryTo(this.#goOn) },
    },
    t("home.more"),
  );

  /**
   * @param {(wanted: {search: string, skip: number, top: number}) => Promise<{count: number, items: object[]}>} read
   * @param {(meeting: object) => HTMLElement} rowOf with the meeting's id as `data-meeting-id`
   * @param {number} mostAtOnce what `top` may be at most
   */
  constructor(read, rowOf, mostAtOnce) {
    super();
    this.#read = read;
    this.#rowOf = rowOf;
    this.#mostAtOnce = mostAtOnce;
  }

  connectedCallback() {
    const lookNow = (event) => {
      event?.preventDefault();
      clearTimeout(this.#typed);
      this.#tryTo(this.#look);
    };
    this.#search.addEventListener("input", () => {
      clearTimeout(this.#typed);
      this.#typed = setTimeout(lookNow, TYPED_MS);
    });
    const label = element("label", { for: "meetings-search", class: "for-ears" }, t("home.search"));
    this.#search.placeholder = t("home.search");
    const form = element("form", { role: "search", on: { submit: lookNow } }, label, this.#search);
    this.replaceChildren(form, this.#found, this.#list, this.#more);
  }

  disconnectedCallback() {
    clearTimeout(this.#typed);
  }

  /**
   * Shows them as they are now, as many as were shown.
   *
   * @throws what `read` throws
   */
  async refresh() {
    const top = Math.min(this.#mostAtOnce, Math.max(AT_ONCE, this.#meetings.length));
    await this.#load({ skip: 0, top });
  }

  async #look() {
    await this.#load({ skip: 0, top: AT_ONCE });
  }

  async #goOn() {
    const shown = this.#meetings.length;
    await this.#load({ skip: shown, top: AT_ONCE });
    this.#list.children[shown]?.focus();
  }

  async #tryTo(step) {
    try {
      await step.call(this);
    } catch {
      this.#found.textContent = t("home.failed");
    }
  }

  async #load({ skip, top }) {
    this.#asked += 1;
    const asked = this.#asked;
    const search = this.#search.value.trim();
    const { count, items } = await this.#read({ search, skip, top });
    // Somebody has typed on meanwhile: a later answer is the one to show.
    if (asked !== this.#asked) return;
    const before = this.#meetings.slice(0, skip);
    const known = new Set(before.map(({ id }) => id));
    this.#meetings = [...before, ...items.filter(({ id }) => !known.has(id))];
    this.#count = count;
    this.#show(search);
  }

  #show(search) {
    const place = document.activeElement;
    const rows = this.#meetings.map(this.#rowOf);
    const none = element("li", { class: "empty hint" }, t(search === "" ? "home.none" : "home.not_found", { search }));
    this.#list.replaceChildren(...(rows.length > 0 ? rows : [none]));
    this.#more.hidden = this.#meetings.length >= this.#count;
    this.#found.textContent = this.#tell(search);
    this.#search.hidden = search === "" && rows.length === 0;
    this.#goBackTo(place);
  }

  #tell(search) {
    if (search !== "") return t(this.#count === 0 ? "home.none_found" : "home.found", { count: this.#count });
    return this.#more.hidden ? "" : t("home.shown", { shown: this.#meetings.length, count: this.#count });
  }

  /** The rows are new: whoever was in one of them by keyboard is led to the same place again. */
  #goBackTo(place) {
    if (place?.isConnected) return;
    const id = place?.closest("[data-meeting-id]")?.dataset.meetingId;
    const row = [...this.#list.children].find(({ dataset }) => dataset.meetingId === id);
    (row?.querySelector(`[data-testid="${place.dataset.testid}"]`) ?? this.#search).focus();
  }
}

customElements.define("conf-meetings", ConfMeetings);
