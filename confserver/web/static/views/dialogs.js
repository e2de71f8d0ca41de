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
 *   answers: {value: string, label: string, isDangerous?: boolean, isFocused?: boolean}[]}} question
 * @returns {Promise<string>} the chosen value
 */
export function ask({ id, title, text, answers }) {
  const choose = (value) => () => dialog.close(value);
  const choices = [{ value: "", label: t("dialog.cancel") }, ...answers];
  const buttons = choices.map(({ value, label, isDangerous, isFocused }) =>
    element(
      "button",
      {
        type: "button",
        class: isDangerous ? "button is-dangerous" : "button",
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
