/**
 * The dialog that makes a meeting. The server checks every field; this one only asks for the few that matter most.
 */

import { element } from "../base/elements.js";
import { t } from "../text/translate.js";
import { openDialog } from "./dialogs.js";

const LAYOUTS = ["LAYOUT0", "LAYOUT1", "LAYOUT2", "LAYOUT3", "LAYOUT4", "LAYOUT6", "LAYOUT9"];

/** @param {(fields: object) => Promise<void>} create throws what the server answered */
export function openMeetingForm(create) {
  const error = element("p", { class: "problem", role: "alert", dataset: { testid: "meeting-error" } });
  const look = { class: "button is-main", dataset: { testid: "create-meeting" } };
  const submit = element("button", look, t("form.create"));
  const onSubmit = async (event) => {
    event.preventDefault();
    submit.disabled = true;
    try {
      await create(fieldsOf(new FormData(event.target)));
      dialog.close();
    } catch (failure) {
      error.textContent = failure.message || t("home.failed");
      submit.disabled = false;
    }
  };
  const form = element("form", { class: "stack", on: { submit: onSubmit } }, ...inputs(), error, submit);
  const dialog = openDialog("meeting-form", t("form.title"), form);
  form.querySelector("input").focus();
}

function inputs() {
  const input = (name, attributes) => element("input", { id: name, name, dataset: { testid: name }, ...attributes });
  const select = (name, values) =>
    element("select", { id: name, name }, ...values.map((value) => element("option", { value }, t(`form.${value}`))));
  const field = (name, control, hint) =>
    element(
      "div",
      { class: "field" },
      element("label", { for: name }, t(`form.${name}`)),
      control,
      hint ? element("p", { class: "hint" }, t(hint)) : null,
    );
  return [
    field("subject", input("subject", { required: true, maxlength: 64, autocomplete: "off" })),
    field("mode", select("mode", ["VIDEO", "AUDIO"])),
    field("layout", select("layout", LAYOUTS)),
    field("capacity", input("capacity", { type: "number", min: 1, max: 200, value: 9, required: true })),
    field(
      "room_pin",
      input("room_pin", { inputmode: "numeric", pattern: "[0-9]{3,6}", maxlength: 6, autocomplete: "off" }),
      "form.pin_hint",
    ),
  ];
}

function fieldsOf(entry) {
  const pin = entry.get("room_pin").trim();
  return {
    subject: entry.get("subject").trim(),
    mode: entry.get("mode"),
    layout: entry.get("layout"),
    capacity: Number(entry.get("capacity")),
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...(pin === "" ? {} : { room_pin: pin }),
  };
}
