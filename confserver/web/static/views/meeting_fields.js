/**
 * The fields by which a host describes a meeting, each with its label and the place where its mistake is told. What is
 * valid, the server decides.
 */

import { element } from "../base/elements.js";
import { fromLocalField, ownTimeZone, toLocalField } from "../base/times.js";
import { t } from "../text/translate.js";

const LAYOUTS = ["LAYOUT0", "LAYOUT1", "LAYOUT2", "LAYOUT3", "LAYOUT4", "LAYOUT6", "LAYOUT9"];
const PIN = { inputmode: "numeric", pattern: "[0-9]{3,6}", maxlength: 6, autocomplete: "off" };

/** @typedef {string|number|boolean|null} Value as the API has it */

/** One field. `row`: all that is seen of it. */
export class MeetingField {
  #problem;
  #read;
  #write;

  /**
   * @param {string} name the API's
   * @param {HTMLElement} control
   * @param {{read: (control: any) => Value, write: (control: any, value: any) => void, look: string, hint: string}}
   *   kind
   */
  constructor(name, control, { read, write, look, hint }) {
    this.name = name;
    this.control = control;
    this.#read = read;
    this.#write = write;
    this.#problem = element("p", { class: "problem", id: `${name}-problem`, dataset: { testid: `${name}-problem` } });
    control.setAttribute("aria-describedby", `${name}-hint ${name}-problem`);
    const label = element("label", { for: name }, this.label);
    const words = element("p", { class: "hint", id: `${name}-hint` }, hint);
    this.row = element("div", { class: look }, label, control, words, this.#problem);
  }

  get label() {
    return t(`form.${this.name}`);
  }

  get value() {
    return this.#read(this.control);
  }

  set value(value) {
    this.#write(this.control, value);
  }

  /** @param {string} words what is wrong; empty: nothing */
  set problem(words) {
    this.#problem.textContent = words;
    this.control.setAttribute("aria-invalid", String(words !== ""));
  }
}

/** @returns {MeetingField[]} what every meeting needs */
export function mainFields() {
  return [
    entry("subject", { required: true, maxlength: 64, autocomplete: "off" }),
    choice("mode", ["VIDEO", "AUDIO"]),
    choice("layout", LAYOUTS),
    seats("capacity", { min: 1, max: 200, value: 9, required: true }),
    pin("room_pin", t("form.pin_hint")),
  ];
}

/** @returns {MeetingField[]} who gets in, and when; `false`: a room that stands open for good has no times */
export function moreFields(hasTimes) {
  const times = [
    moment("scheduled_start_at", t("form.time_hint", { zone: ownTimeZone() })),
    moment("scheduled_end_at"),
  ];
  return [
    choice("waiting_room", ["OFF", "GUESTS", "ALL"]),
    toggle("start_by", "HOST", "ANYONE"),
    toggle("mute_on_entry", true, false),
    toggle("end_with_last_host", true, false),
    pin("admin_pin", t("form.admin_pin_hint")),
    ...(hasTimes ? times : []),
  ];
}

function input(name, attributes) {
  return element("input", { id: name, name, dataset: { testid: name }, ...attributes });
}

function field(name, control, read, write, hint = "", look = "field") {
  return new MeetingField(name, control, { read, write, look, hint });
}

function put(control, value) {
  control.value = value ?? "";
}

function entry(name, attributes) {
  return field(name, input(name, attributes), ({ value }) => value.trim(), put);
}

function seats(name, attributes) {
  return field(name, input(name, { type: "number", ...attributes }), ({ valueAsNumber }) => valueAsNumber, put);
}

function pin(name, hint) {
  return field(name, input(name, PIN), ({ value }) => value.trim() || null, put, hint);
}

function moment(name, hint) {
  const write = (control, value) => put(control, toLocalField(value));
  const control = input(name, { type: "datetime-local", max: "9999-12-31T23:59" });
  return field(name, control, ({ value }) => fromLocalField(value), write, hint);
}

function choice(name, values) {
  const options = values.map((value) => element("option", { value }, t(`form.${value}`)));
  return field(name, element("select", { id: name, name, dataset: { testid: name } }, ...options), readChosen, put);
}

function readChosen({ value }) {
  return value;
}

function toggle(name, on, off) {
  const box = input(name, { type: "checkbox", role: "switch" });
  const write = (control, value) => {
    control.checked = value === on;
  };
  return field(name, box, ({ checked }) => (checked ? on : off), write, t(`form.${name}_hint`), "switch");
}
