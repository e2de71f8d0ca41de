/**
 * Modal dialogs on the browser's own <dialog>, which keeps the focus inside and gives it back.
 */

import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";
import { t } from "../text/translate.js";

/**
 * Opens a dialog that removes itself when closed.
 *
 * @param {string} id its `data-testid`
 * @param {string} title
 * @param {...(Node|string)} content
 * @returns {HTMLDialogElement}
 */
export function openDialog(id, title, ...content) {
  const close = element(
    "button",
    { type: "button", class: "icon-button", "aria-label": t("dialog.close"), on: { click: () => dialog.close() } },
    icon("close"),
  );
  const heading = element("h2", { id: `${id}-title` }, title);
  const dialog = /** @type {HTMLDialogElement} */ (
    element(
      "dialog",
      { "aria-labelledby": `${id}-title`, dataset: { testid: id } },
      element("header", {}, heading, close),
      ...content,
    )
  );
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Asks a question with one or more answers; closing it is the answer "".
 *
 * @param {{id: string, title: string, text: string,
 *   answers: {value: string, label: string, isDangerous?: boolean, isMain?: boolean, isFocused?: boolean}[]}} question
 * @returns {Promise<string>} the chosen value
 */
export function ask({ id, title, text, answers }) {
  const choose = (value) => () => dialog.close(value);
  const choices = [{ value: "", label: t("dialog.cancel") }, ...answers];
  const buttons = choices.map(({ value, label, isDangerous, isMain, isFocused }) =>
    element(
      "button",
      {
        type: "button",
        class: `button ${isDangerous ? "is-dangerous" : isMain ? "is-main" : ""}`,
        autofocus: Boolean(isFocused),
        dataset: { testid: `${id}-${value || "cancel"}` },
        on: { click: choose(value) },
      },
      label,
    ),
  );
  const dialog = openDialog(id, title, element("p", {}, text), element("div", { class: "answers" }, ...buttons));
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue)));
}

/**
 * Asks for one value; closing it answers null.
 *
 * @param {{id: string, title: string, label: string, field: HTMLInputElement|HTMLSelectElement, submit: string}}
 *   question
 * @returns {Promise<string|null>} what is in the field
 */
export function askFor({ id, title, label, field, submit }) {
  let answer = null;
  const onSubmit = (event) => {
    event.preventDefault();
    answer = field.value.trim();
    dialog.close();
  };
  field.id = `${id}-field`;
  field.dataset.testid = field.id;
  field.autofocus = true;
  const send = element("button", { class: "button is-main", dataset: { testid: `${id}-submit` } }, submit);
  const labelled = element("div", { class: "field" }, element("label", { for: field.id }, label), field);
  const form = element("form", { class: "stack", on: { submit: onSubmit } }, labelled, send);
  const dialog = openDialog(id, title, form);
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(answer)));
}
