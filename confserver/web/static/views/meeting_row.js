/**
 * One meeting in the list of a host's meetings.
 */

import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";
import { readable } from "../base/times.js";
import { t } from "../text/translate.js";
import { ask } from "./dialogs.js";

/**
 * @param {object} meeting as the REST API answers it
 * @param {{copy: (meeting: object) => void, destroy: (meeting: object) => void}} actions
 * @returns {HTMLElement}
 */
export function meetingRow(meeting, { copy, destroy }) {
  const { subject } = meeting;
  const press = (id, symbol, text, listener) => {
    const label = t(`${text}_label`, { subject });
    const look = { type: "button", class: "button", "aria-label": label, dataset: { testid: id } };
    return element("button", { ...look, on: { click: listener } }, icon(symbol), t(text));
  };
  const askToDelete = async () => {
    const answers = [{ value: "delete", label: t("home.delete"), isDangerous: true }];
    const question = { id: "delete", title: t("home.delete_title", { subject }), text: t("home.delete_text"), answers };
    if ((await ask(question)) === "delete") destroy(meeting);
  };
  const start = {
    class: "button is-main",
    href: new URL(meeting.host_url, location.origin).pathname,
    "aria-label": t("home.start_label", { subject }),
    dataset: { testid: "start-meeting" },
  };
  return element(
    "li",
    { class: "card meeting-row", dataset: { testid: "meeting", meetingId: meeting.id } },
    element("div", { class: "about" }, element("h2", {}, subject), element("p", { class: "hint" }, details(meeting))),
    element(
      "div",
      { class: "answers" },
      press("copy-link", "copy", "home.copy", () => copy(meeting)),
      press("delete-meeting", "close", "home.delete", askToDelete),
      element("a", start, t("home.start")),
    ),
  );
}

function details({ extension_number: extension, capacity, room_pin: pin, mode, state, scheduled_start_at: start }) {
  const parts = [
    ...(state === "READY" ? [] : [t(`home.state.${state}`, { time: start ? readable(start) : "" })]),
    t(mode === "AUDIO" ? "home.audio" : "home.video"),
    t("home.capacity", { capacity }),
    t("home.extension", { extension }),
  ];
  if (pin) parts.push(t("home.pin", { pin }));
  return parts.join(" · ");
}
