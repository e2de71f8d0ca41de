/**
 * What a page says when there is no way into a meeting, or when one is out of it again.
 */

import { t } from "../text/translate.js";
import { messagePage } from "./message.js";

const DOORS = {
  not_found: { symbol: "door", mayTryAgain: false },
  full: { symbol: "people", mayTryAgain: true },
  locked: { symbol: "lock", mayTryAgain: true },
  ended: { symbol: "check", mayTryAgain: false },
  not_started: { symbol: "clock", mayTryAgain: true },
  busy: { symbol: "clock", mayTryAgain: true },
};

const ENDINGS = {
  left: { symbol: "check", mayReturn: true },
  removed: { symbol: "door", mayReturn: false },
  ended: { symbol: "check", mayReturn: false },
  deleted: { symbol: "check", mayReturn: false },
  shutdown: { symbol: "clock", mayReturn: true },
  lost: { symbol: "warning", mayReturn: true },
  unsupported: { symbol: "warning", mayReturn: true },
};

/**
 * @param {keyof typeof DOORS} state why nobody can enter now
 * @param {string|null} startsAt RFC 3339
 * @param {() => void} onTryAgain
 * @returns {HTMLElement}
 */
export function closedDoor(state, startsAt, onTryAgain) {
  const { symbol, mayTryAgain } = DOORS[state];
  const again = { label: t("door.try_again"), press: onTryAgain, id: "try-again" };
  const isTimeKnown = state === "not_started" && startsAt !== null;
  const text = isTimeKnown ? t("door.not_started.at", { time: readable(startsAt) }) : t(`door.${state}.text`);
  return messagePage({ id: state, symbol, title: t(`door.${state}.title`), text, actions: mayTryAgain ? [again] : [] });
}

/**
 * @param {string} reason why the meeting is over for this person
 * @param {() => void} onReturn
 * @returns {HTMLElement}
 */
export function ending(reason, onReturn) {
  // A new seat may be refused after a loss: then the word is the door's.
  if (!(reason in ENDINGS)) return closedDoor(reason in DOORS ? reason : "not_found", null, onReturn);
  const { symbol, mayReturn } = ENDINGS[reason];
  const again = { label: t("over.join_again"), press: onReturn, id: "join-again" };
  const title = t(`over.${reason}.title`);
  return messagePage({ id: reason, symbol, title, text: t(`over.${reason}.text`), actions: mayReturn ? [again] : [] });
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

function readable(time) {
  return new Date(time).toLocaleString(undefined, { dateStyle: "full", timeStyle: "short" });
}
