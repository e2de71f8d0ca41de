/**
 * The menus of the meeting: what one may do with somebody, signs to show, and what has no button of its own.
 */

import { canShareScreen } from "../media/devices.js";
import { controlsOf } from "../room/person_controls.js";
import { t } from "../text/translate.js";
import { openMenu } from "./menu.js";
import { SIGNS } from "./reactions.js";

/**
 * @param {HTMLElement} opener
 * @param {import("../room/room_state.js").Participant} person
 * @param {import("../room/room_state.js").RoomState} state
 * @param {(control: import("../room/person_controls.js").Control) => void} onChoice
 */
export function openPersonMenu(opener, person, state, onChoice) {
  const name = person.display_name;
  const entries = controlsOf(person, state).map((control) => ({
    id: `do-${control.id}`,
    label: t(`person.${control.id}`),
    symbol: control.symbol,
    isDangerous: control.isDangerous,
    press: () => onChoice(control),
  }));
  openMenu(opener, { id: "person-controls", label: t("people.menu", { name }), entries });
}

/**
 * @param {HTMLElement} opener
 * @param {(reaction: string) => void} onReaction
 */
export function openReactions(opener, onReaction) {
  openMenu(opener, { id: "reactions", label: t("toolbar.react"), entries: signs(onReaction), isRow: true });
}

/**
 * @param {HTMLElement} opener
 * @param {{hasVideo: boolean, isSharing: boolean, choices: object[]}} state `choices` of `OwnDesk`
 * @param {(command: string) => void} onCommand
 */
export function openMore(opener, { hasVideo, isSharing, choices }, onCommand) {
  const command = (name, symbol, text) => ({
    id: `more-${name}`,
    symbol,
    label: t(text),
    press: () => onCommand(name),
  });
  const screen = command("screen", "screen", isSharing ? "toolbar.stop_screen" : "toolbar.screen");
  const entries = [
    ...(hasVideo && canShareScreen ? [{ ...screen, isForSmall: true }] : []),
    { ...command("react", "smile", "toolbar.react"), isForSmall: true },
    ...choices.map(({ command: name, ...look }) => ({ id: `more-${name}`, ...look, press: () => onCommand(name) })),
    command("devices", "settings", "toolbar.devices"),
    command("shortcuts", "keyboard", "toolbar.shortcuts"),
  ];
  openMenu(opener, { id: "more", label: t("toolbar.more"), entries });
}

function signs(onReaction) {
  return Object.entries(SIGNS).map(([reaction, sign]) => ({
    id: `react-${reaction}`,
    sign,
    label: t(`reaction.${reaction}`),
    press: () => onReaction(reaction),
  }));
}
