/**
 * Which messages of the server deserve a word to the person, and which word.
 */

import { isHostIn } from "../room/room_state.js";
import { t } from "../text/translate.js";

const ERRORS = {
  muted_by_host: "own.muted_by_host",
  camera_stopped: "own.camera_stopped",
  not_allowed: "error.not_allowed",
  no_such_participant: "error.gone",
  no_such_waiting: "error.no_longer_waits",
  no_such_removal: "error.no_longer_out",
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
  if (message.type === "room") return ruleOf(message, state);
  if (message.type === "removed_list") return returnOf(message, state);
  if (message.type === "error") return t(ERRORS[message.code] ?? "error.other");
  return "";
}

function ruleOf({ is_locked: isLocked, control }, state) {
  if (isLocked !== undefined && isLocked !== state.isLocked) return t(isLocked ? "notice.locked" : "notice.unlocked");
  if (control !== undefined && control !== state.control) return t(`notice.${control.toLowerCase()}`);
  return "";
}

/** Who is no longer a host is told of an empty list, which lets nobody back. */
function returnOf({ removed }, state) {
  const back = state.removed.find(({ id }) => removed.every((one) => one.id !== id));
  return back && isHostIn(state) ? t("notice.readmitted", { name: back.display_name }) : "";
}

function changeOf(participant, state) {
  const before = state.participants.get(participant.id);
  if (!before) return "";
  const name = participant.display_name;
  if (participant.id === state.selfId) return ownChange(participant, before, state);
  if (participant.has_screen && !before.has_screen) return t("notice.shares", { name });
  if (participant.hand && !before.hand && isHostIn(state)) return t("notice.hand", { name });
  return "";
}

/** What hosts do to oneself; in the order of how much it matters. */
function ownChange(now, before, { control }) {
  if (now.is_chairman !== before.is_chairman) return t(now.is_chairman ? "notice.chairman" : "notice.no_chairman");
  if (now.role !== before.role) return t(now.role === "host" ? "notice.host" : "notice.guest");
  if (now.is_muted_by_host !== before.is_muted_by_host) return t(wordOnHostsMute(now));
  if (now.is_camera_stopped !== before.is_camera_stopped)
    return t(now.is_camera_stopped ? "notice.camera_stopped" : "notice.camera_allowed");
  if (control === "MASTER" && now.has_floor !== before.has_floor)
    return t(now.has_floor ? "notice.floor" : "notice.no_floor");
  if (now.display_name !== before.display_name) return t("notice.renamed", { name: now.display_name });
  return "";
}

function wordOnHostsMute(participant) {
  if (participant.is_muted_by_host) return "notice.muted_you";
  return participant.is_muted ? "notice.may_unmute" : "notice.unmuted_you";
}
