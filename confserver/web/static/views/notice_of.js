/**
 * Which messages of the server deserve a word to the person, and which word.
 */

import { t } from "../text/translate.js";

const ERRORS = {
  muted_by_host: "own.muted_by_host",
  not_allowed: "error.not_allowed",
  no_such_participant: "error.gone",
  too_many: "error.too_many",
};

/**
 * @param {{type: string}} message
 * @param {import("../room/room_state.js").RoomState} state as it was before the message
 * @returns {string} empty when the message speaks for itself
 */
export function noticeOf(message, state) {
  const nameOf = (id) => state.participants.get(id)?.display_name ?? "";
  if (message.type === "joined") return t("notice.joined", { name: message.participant.display_name });
  if (message.type === "left") return t(`notice.${message.reason}`, { name: nameOf(message.participant_id) });
  if (message.type === "updated") return changeOf(message.participant, state);
  if (message.type === "people")
    return message.participants.map((one) => changeOf(one, state)).find((word) => word) ?? "";
  if (message.type === "room" && "is_locked" in message && message.is_locked !== state.isLocked)
    return t(message.is_locked ? "notice.locked" : "notice.unlocked");
  if (message.type === "error") return t(ERRORS[message.code] ?? "error.other");
  return "";
}

function changeOf(participant, state) {
  const before = state.participants.get(participant.id);
  if (!before) return "";
  const name = participant.display_name;
  const isSelf = participant.id === state.selfId;
  if (isSelf && participant.is_muted_by_host !== before.is_muted_by_host)
    return t(wordOnHostsMute(participant));
  if (!isSelf && participant.has_screen && !before.has_screen) return t("notice.shares", { name });
  return "";
}

function wordOnHostsMute(participant) {
  if (participant.is_muted_by_host) return "notice.muted_you";
  return participant.is_muted ? "notice.may_unmute" : "notice.unmuted_you";
}
