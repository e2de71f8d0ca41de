/**
 * A whole page that says one thing and offers what sensibly comes next. Its heading can take the focus, so that a
 * screen reader starts there.
 */

import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";

/**
 * @typedef {{label: string, href?: string, press?: () => void, id: string}} Action
 * @param {{id: string, symbol: string, title: string, text: string, word?: string, actions?: Action[]}} message
 *   `word`: what somebody says to the reader
 * @returns {HTMLElement}
 */
export function messagePage({ id, symbol, title, text, word = "", actions = [] }) {
  const buttons = actions.map(({ label, href, press, id: actionId }, index) =>
    element(
      href ? "a" : "button",
      {
        class: index === 0 ? "button is-main" : "button",
        href,
        type: href ? null : "button",
        dataset: { testid: actionId },
        on: press ? { click: press } : {},
      },
      label,
    ),
  );
  return element(
    "main",
    { class: "message card", dataset: { testid: "message", message: id } },
    element("div", { class: "symbol" }, icon(symbol)),
    element("h1", { tabindex: "-1" }, title),
    element("p", {}, text),
    word ? element("blockquote", { dataset: { testid: "word" } }, word) : null,
    element("div", { class: "answers" }, ...buttons),
  );
}
