/**
 * One meeting in the list of a host's meetings.
 */

import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";
import { readable } from "../base/times.js";
import { t } from "../text/translate.js";
import { ask } from "./dialogs.js";

const OVER = ["ENDED", "EXPIRED", "CANCELLED"];

/**
 * @typedef {(meeting: object) => void} Action
 * @param {object} meeting as the REST API answers it
 * @param {{copy: Action, settings: Action, openAgain: Action, destroy?: Action}} actions without `destroy` it stays
 * @param {string} [title] what it is called here
 * @returns {HTMLElement}
 */
export function meetingRow(meeting, { copy, settings, openAgain, destroy }, title = meeting.subject) {
  const press = (id, symbol, text, listener, look = "button") => {
    const label = t(`${text}_label`, { subject: title });
    const properties = { type: "button", class: look, "aria-label": label, dataset: { testid: id } };
    return element("button", { ...properties, on: { click: listener } }, icon(symbol), t(text));
  };
  const isOver = OVER.includes(meeting.state);
  return element(
    "li",
    { class: "card meeting-row", tabindex: -1, dataset: { testid: "meeting", meetingId: meeting.id } },
    element("div", { class: "about" }, element("h2", {}, title), element("p", { class: "hint" }, details(meeting))),
    element(
      "div",
      { class: "answers" },
      press("copy-link", "copy", "home.copy", () => copy(meeting)),
      press("meeting-settings", "settings", "home.settings", () => settings(meeting)),
      destroy ? press("delete-meeting", "close", "home.delete", () => askToDelete(meeting, destroy)) : null,
      isOver
        ? press("open-again", "door", "home.again", () => openAgain(meeting), "button is-main")
        : linkToStart(meeting, title),
    ),
  );
}

async function askToDelete(meeting, destroy) {
  const answers = [{ value: "delete", label: t("home.delete"), isDangerous: true }];
  const title = t("home.delete_title", { subject: meeting.subject });
  if ((await ask({ id: "delete", title, text: t("home.delete_text"), answers })) === "delete") destroy(meeting);
}

function linkToStart(meeting, title) {
  const link = {
    class: "button is-main",
    href: pathOfHost(meeting),
    "aria-label": t("home.start_label", { subject: title }),
    dataset: { testid: "start-meeting" },
  };
  return element("a", link, icon("door"), t("home.start"));
}

/** @returns {string} where its host goes in, at the address by which this page was reached */
export function pathOfHost({ host_url: url }) {
  return new URL(url, location.origin).pathname;
}

function details({ extension_number: extension, capacity, room_pin: pin, mode, state, starts_at: start }) {
  const parts = [
    ...(state === "READY" ? [] : [t(`home.state.${state}`, { time: start ? readable(start) : "" })]),
    t(mode === "AUDIO" ? "home.audio" : "home.video"),
    t("home.capacity", { capacity }),
    t("home.extension", { extension }),
  ];
  if (pin) parts.push(t("home.pin", { pin }));
  return parts.join(" · ");
}
