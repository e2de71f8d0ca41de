/**
 * What a page says when there is no way into a meeting, or when one is out of it again.
 */

import { readable } from "../base/times.js";
import { t } from "../text/translate.js";
import { messagePage } from "./message.js";

const DOORS = {
  not_found: { symbol: "door", mayTryAgain: false },
  full: { symbol: "people", mayTryAgain: true },
  locked: { symbol: "lock", mayTryAgain: true },
  ended: { symbol: "check", mayTryAgain: false },
  cancelled: { symbol: "close", mayTryAgain: false },
  not_started: { symbol: "clock", mayTryAgain: true },
  busy: { symbol: "clock", mayTryAgain: true },
  host_must_admit: { symbol: "lock", mayTryAgain: true },
  declined: { symbol: "door", mayTryAgain: true },
  waiting_room_full: { symbol: "people", mayTryAgain: true },
  too_many_meetings: { symbol: "people", mayTryAgain: true },
  not_allowed: { symbol: "door", mayTryAgain: false },
};

const JOIN_AGAIN = { label: "over.join_again", id: "join-again" };

const ENDINGS = {
  left: { symbol: "check", back: JOIN_AGAIN },
  removed: { symbol: "door", back: null },
  ended: { symbol: "check", back: null },
  time_up: { symbol: "clock", back: null },
  host_left: { symbol: "check", back: null },
  deleted: { symbol: "check", back: null },
  replaced: { symbol: "people", back: { label: "over.use_this_tab", id: "use-this-tab" } },
  lost: { symbol: "warning", back: JOIN_AGAIN },
  unsupported: { symbol: "warning", back: JOIN_AGAIN },
};

/**
 * @param {keyof typeof DOORS} state why nobody can enter now
 * @param {string|null} startsAt RFC 3339
 * @param {() => void} onTryAgain
 * @param {string} [word] what the host says to this person
 * @returns {HTMLElement}
 */
export function closedDoor(state, startsAt, onTryAgain, word = "") {
  const { symbol, mayTryAgain } = DOORS[state];
  const again = { label: t("door.try_again"), press: onTryAgain, id: "try-again" };
  const isTimeKnown = state === "not_started" && startsAt !== null;
  const text = isTimeKnown ? t("door.not_started.at", { time: readable(startsAt) }) : t(`door.${state}.text`);
  const title = t(`door.${state}.title`);
  return messagePage({ id: state, symbol, title, text, word, actions: mayTryAgain ? [again] : [] });
}

/**
 * @param {string} reason why the meeting is over for this person
 * @param {() => void} onReturn
 * @param {string} [word] what the host says to this person
 * @returns {HTMLElement}
 */
export function ending(reason, onReturn, word = "") {
  // A new seat may be refused after a loss: then the word is the door's.
  if (!(reason in ENDINGS)) return closedDoor(reason in DOORS ? reason : "not_found", null, onReturn, word);
  const { symbol, back } = ENDINGS[reason];
  const actions = back === null ? [] : [{ label: t(back.label), press: onReturn, id: back.id }];
  return messagePage({ id: reason, symbol, title: t(`over.${reason}.title`), text: t(`over.${reason}.text`), actions });
}

/**
 * @param {() => void} onCancel
 * @returns {HTMLElement} while somebody who was in the meeting is led back; seen only when that takes its time
 */
export function wayBack(onCancel) {
  const actions = [{ label: t("dialog.cancel"), press: onCancel, id: "cancel" }];
  const [title, text] = [t("back.title"), t("back.text")];
  const message = messagePage({ id: "way-back", symbol: "clock", title, text, actions });
  message.classList.add("is-late");
  return message;
}

/**
 * @param {import("../net/api.js").ApiError} error instead of an answer about the meeting
 * @param {() => void} onTryAgain
 * @returns {HTMLElement}
 */
export function noAnswer({ status }, onTryAgain) {
  if (status === 404) return closedDoor("not_found", null, onTryAgain);
  if (status === 429) return closedDoor("busy", null, onTryAgain);
  const again = { label: t("door.try_again"), press: onTryAgain, id: "try-again" };
  const title = t("unreachable.title");
  return messagePage({ id: "unreachable", symbol: "warning", title, text: t("unreachable.text"), actions: [again] });
}
