/**
 * The dialog that makes a meeting or changes one. The server checks every field; what it refuses is told at the field
 * concerned.
 */

import { element } from "../base/elements.js";
import { ownTimeZone } from "../base/times.js";
import { t } from "../text/translate.js";
import { openDialog } from "./dialogs.js";
import { mainFields, moreFields } from "./meeting_fields.js";

/** @param {(fields: object) => Promise<void>} create throws what the server answered */
export function openNewMeeting(create) {
  const fields = [mainFields(), moreFields(true)];
  const save = (values) => create({ ...values, timezone: ownTimeZone() });
  openForm({ title: t("form.title"), submit: t("form.create"), fields, save });
}

/**
 * @param {object} meeting as the REST API answers it
 * @param {boolean} hasTimes it may begin and end by the clock
 * @param {(fields: object) => Promise<void>} change is given what differs; throws what the server answered
 */
export function openMeetingSettings(meeting, hasTimes, change) {
  const fields = [mainFields(), moreFields(hasTimes)];
  for (const field of fields.flat()) field.value = meeting[field.name];
  fields.flat().find(({ name }) => name === "mode").control.disabled = true;
  // Compared with what the form made of it: a time to the second is no change by being shown to the minute.
  const before = valuesOf(fields.flat());
  const save = async (values) => {
    const changed = Object.entries(values).filter(([name, value]) => value !== before[name]);
    if (changed.length > 0) await change(Object.fromEntries(changed));
  };
  openForm({ title: t("form.settings_title", { subject: meeting.subject }), submit: t("form.save"), fields, save });
}

function openForm({ title, submit, fields: [main, more], save }) {
  const error = element("p", { class: "problem", role: "alert", dataset: { testid: "meeting-error" } });
  const button = element("button", { class: "button is-main", dataset: { testid: "save-meeting" } }, submit);
  const details = element(
    "details",
    { class: "disclosure", dataset: { testid: "more-settings" } },
    element("summary", {}, t("form.more")),
    element("div", { class: "stack" }, ...more.map(({ row }) => row)),
  );
  const onSubmit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      await save(valuesOf([...main, ...more]));
      dialog.close();
    } catch (failure) {
      error.textContent = tellFaults(failure, [...main, ...more], details);
      button.disabled = false;
    }
  };
  const rows = main.map(({ row }) => row);
  const form = element("form", { class: "stack", on: { submit: onSubmit } }, ...rows, details, error, button);
  // The browser's own word about a field needs the field to be seen.
  details.addEventListener("invalid", () => details.setAttribute("open", ""), { capture: true });
  const dialog = openDialog("meeting-form", title, form);
  main[0].control.focus();
}

function valuesOf(fields) {
  return Object.fromEntries(fields.map((field) => [field.name, field.value]));
}

/** Tells each fault at its field, goes to the first of them, and answers what belongs to no field. */
function tellFaults({ faults = [] }, fields, details) {
  const byName = new Map(fields.map((field) => [field.name, field]));
  for (const field of fields) field.problem = "";
  const others = [];
  for (const { message, detail } of faults) {
    const words = inWordsOfTheForm(message, fields);
    if (byName.has(detail)) byName.get(detail).problem = words;
    else others.push(words);
  }
  const first = fields.find(({ control }) => control.getAttribute("aria-invalid") === "true");
  details.open ||= details.contains(first?.control ?? null);
  first?.control.focus();
  return others.join(" ") || (first ? "" : t("home.failed"));
}

/** The server's sentences call fields as the API does; whoever fills in the form knows them by their labels. */
function inWordsOfTheForm(sentence, fields) {
  const labels = new Map(fields.map(({ name, label }) => [name, `“${label}”`]));
  return sentence.replace(/\w+/g, (word) => labels.get(word) ?? word);
}
