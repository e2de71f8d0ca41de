/**
 * A menu beside the button that opens it, or at the lower edge of a small screen. Arrow keys walk through it, the first
 * letter finds an entry, Escape and a press elsewhere close it, and the focus goes back to where it came from.
 */

import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";

const GAP = 6;
const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/**
 * @typedef {{id: string, label: string, symbol?: string, sign?: string, press: () => void, isChecked?: boolean,
 *   isDangerous?: boolean, isForSmall?: boolean}} Entry `sign`: a character instead of an icon; `isChecked`: makes it
 *   one that can be on or off; `isForSmall`: only where the toolbar has no room for it
 * @param {HTMLElement} opener
 * @param {{id: string, label: string, entries: Entry[], isRow?: boolean}} menu `id`: its `data-testid`; `isRow`: signs
 *   lie side by side, their words are for the ears
 */
export function openMenu(opener, { id, label, entries, isRow = false }) {
  const look = {
    class: isRow ? "menu is-row" : "menu",
    role: "menu",
    popover: "auto",
    "aria-label": label,
    dataset: { testid: id },
  };
  const close = () => menu.hidePopover();
  const rows = entries.map((entry) => row(entry, close));
  const menu = element("div", { ...look, on: { keydown: (event) => walk(event, menu, close) } }, ...rows);
  menu.addEventListener("toggle", ({ newState }) => {
    opener.setAttribute("aria-expanded", String(newState === "open"));
    if (newState === "closed") menu.remove();
  });
  document.body.append(menu);
  menu.showPopover();
  place(menu, opener.getBoundingClientRect());
  entriesOf(menu)[0]?.focus();
}

function row({ id, label, symbol, sign, press, isChecked, isDangerous, isForSmall }, close) {
  const isChoice = isChecked !== undefined;
  const choose = () => {
    // The focus is back before anything else asks for it.
    close();
    press();
  };
  const kinds = [isDangerous && "is-dangerous", isForSmall && "is-for-small"].filter(Boolean);
  return element(
    "button",
    {
      type: "button",
      role: isChoice ? "menuitemcheckbox" : "menuitem",
      class: ["menu-entry", ...kinds].join(" "),
      tabindex: "-1",
      "aria-checked": isChoice ? String(isChecked) : null,
      dataset: { testid: id },
      on: { click: choose },
    },
    sign
      ? element("span", { class: "sign", "aria-hidden": "true" }, sign)
      : icon(isChecked ? "check" : (symbol ?? "none")),
    element("span", {}, label),
  );
}

function walk(event, menu, close) {
  // What is typed here belongs to the menu, not to the shortcuts of the meeting.
  event.stopPropagation();
  const entries = entriesOf(menu);
  const at = entries.indexOf(document.activeElement);
  const next = target(event.key, entries, at);
  if (event.key === "Tab") close();
  if (event.key === "Tab" || next) event.preventDefault();
  next?.focus();
}

function target(key, entries, at) {
  if (key in STEPS) return entries.at((at + STEPS[key]) % entries.length);
  if (key === "Home") return entries[0];
  if (key === "End") return entries.at(-1);
  if (key.length > 1 || key === " ") return undefined;
  const startsWith = (entry) => entry.textContent.toLowerCase().startsWith(key.toLowerCase());
  return [...entries.slice(at + 1), ...entries.slice(0, at + 1)].find(startsWith);
}

function entriesOf(menu) {
  return [...menu.querySelectorAll("[role^=menuitem]")].filter((entry) => entry.checkVisibility());
}

/** Below the button if there is room, else above it; never outside the window. */
function place(menu, { left, right, top, bottom }) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const isBelow = bottom + GAP + height <= innerHeight;
  const x = left + width <= innerWidth - GAP ? left : right - width;
  menu.style.left = `${Math.max(GAP, x)}px`;
  menu.style.top = `${Math.max(GAP, isBelow ? bottom + GAP : top - GAP - height)}px`;
}
