/**
 * The marks beside a name that nobody can type: chairman, host, or a name that a login vouches for.
 */

import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";
import { t } from "../text/translate.js";

/**
 * @param {import("../room/room_state.js").Participant} person
 * @returns {HTMLElement[]} none for a guest whose name is only what they say
 */
export function rankOf(person) {
  const ranks = [
    person.is_chairman ? "chairman" : person.role === "host" ? "host" : null,
    person.is_verified ? "verified" : null,
  ];
  return ranks.filter(Boolean).map((rank) => {
    const words = t(`rank.${rank}`);
    return element("span", { class: `rank-${rank}`, role: "img", "aria-label": words, title: words }, icon(rank));
  });
}
