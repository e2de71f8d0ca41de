/**
 * The signs that people may show for a moment, and how one is shown.
 */

import { element } from "../base/elements.js";
import { t } from "../text/translate.js";

const SHOWN_MS = 4000;
/** By the words of docs/protocol.md. */
export const SIGNS = { thumbs_up: "👍", clap: "👏", heart: "❤️", laugh: "😂", wow: "😮", party: "🎉" };

/**
 * Over a picture, in the place of an earlier one.
 *
 * @param {HTMLElement} picture
 * @param {keyof typeof SIGNS} reaction
 */
export function showReaction(picture, reaction) {
  picture.querySelector(".reaction")?.remove();
  const label = t(`reaction.${reaction}`);
  const sign = element(
    "span",
    { class: "reaction", role: "img", "aria-label": label, dataset: { reaction } },
    SIGNS[reaction],
  );
  picture.append(sign);
  setTimeout(() => sign.remove(), SHOWN_MS);
}
