/**
 * What a host is asked before something is done with somebody: a name, a cell, whether they are sure. Each answers with
 * a command of docs/protocol.md, or null when they thought better of it.
 */

import { element } from "../base/elements.js";
import { t } from "../text/translate.js";
import { ask, askFor } from "./dialogs.js";

const MOST_CELLS = 9;
const MOST_NAME = 64;
const MOST_WORD = 200;

/** @type {Record<string, (person: import("../room/room_state.js").Participant) => Promise<object|null>>} */
export const PERSON_DIALOGS = { rename, place, remove, make_chairman: makeChairman };

async function rename({ id, display_name: name }) {
  const field = element("input", { value: name, maxlength: MOST_NAME, required: true });
  const title = t("rename.title", { name });
  const display_name = await askFor({
    id: "rename",
    title,
    label: t("rename.label"),
    field,
    submit: t("rename.submit"),
  });
  return display_name && { type: "rename", participant_id: id, display_name };
}

async function place({ id, display_name: name, position }) {
  const cells = Array.from({ length: MOST_CELLS }, (_, cell) => [String(cell), t("place.cell", { number: cell + 1 })]);
  const choices = [["", t("place.by_speech")], ...cells, ["-1", t("place.hidden")]];
  const options = choices.map(([value, text]) =>
    element("option", { value, selected: value === String(position ?? "") }, text),
  );
  const field = element("select", {}, ...options);
  const title = t("place.title", { name });
  const chosen = await askFor({ id: "place", title, label: t("place.label"), field, submit: t("place.submit") });
  return chosen === null
    ? null
    : { type: "place", participant_id: id, position: chosen === "" ? null : Number(chosen) };
}

async function remove({ id, display_name: name }) {
  const answers = [
    { value: "ban", label: t("remove.ban"), isDangerous: true },
    { value: "remove", label: t("remove.remove"), isDangerous: true },
  ];
  const type = await ask({ id: "remove", title: t("remove.title", { name }), text: t("remove.text"), answers });
  return type === "" ? null : { type, participant_id: id };
}

async function makeChairman({ id, display_name: name }) {
  const answers = [{ value: "yes", label: t("chairman.submit") }];
  const answer = await ask({ id: "chairman", title: t("chairman.title", { name }), text: t("chairman.text"), answers });
  return answer === "" ? null : { type: "make_chairman", participant_id: id };
}

/**
 * @param {import("../room/room_state.js").Waiting} waiting
 * @returns {Promise<object|null>}
 */
export async function decline({ id, display_name: name }) {
  const field = element("input", { maxlength: MOST_WORD });
  const title = t("decline.title", { name });
  const word = await askFor({ id: "decline", title, label: t("decline.label"), field, submit: t("decline.submit") });
  return word === null ? null : { type: "decline", waiting_id: id, word: word || null };
}

/** @returns {Promise<object|null>} */
export async function muteAll() {
  const answers = [
    { value: "hard", label: t("mute_all.hard") },
    { value: "soft", label: t("mute_all.soft"), isMain: true },
  ];
  const answer = await ask({ id: "mute-all", title: t("mute_all.title"), text: t("mute_all.text"), answers });
  return answer === "" ? null : { type: "mute_all", is_muted: true, may_unmute: answer === "soft" };
}
