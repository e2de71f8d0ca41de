/**
 * The stand-in for somebody without a picture: initials on a colour that stays theirs. The colour comes from the id, so
 * that two people of one name differ.
 */

import { element } from "./elements.js";

const COLOURS = 8;

/**
 * @param {string} displayName
 * @returns {string} one or two characters
 */
export function initials(displayName) {
  const words = displayName.trim().split(/\s+/u).filter(Boolean);
  if (words.length === 0) return "?";
  const chosen = words.length === 1 ? [words[0]] : [words[0], words[words.length - 1]];
  return chosen.map((word) => [...word][0].toLocaleUpperCase()).join("");
}

/**
 * @param {string} id
 * @returns {string} the class of one of the avatar colours
 */
export function colourClass(id) {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + character.codePointAt(0)) % 1_000_003;
  return `colour-${sum % COLOURS}`;
}

/**
 * @param {string} id
 * @param {string} displayName
 * @returns {HTMLElement} hidden from assistive technology, since the name stands beside it
 */
export function avatar(id, displayName) {
  return element("span", { class: `avatar ${colourClass(id)}`, "aria-hidden": "true" }, initials(displayName));
}
