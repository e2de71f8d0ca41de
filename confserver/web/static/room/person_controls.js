/**
 * What one may do with somebody in the room, as a table: for whom each entry is there, and the command of
 * docs/protocol.md that it stands for. It shows nothing and sends nothing; the server decides in the end.
 */

import { isHostIn, selfIn } from "./room_state.js";

/**
 * @typedef {import("./room_state.js").Participant} Participant
 * @typedef {import("./room_state.js").RoomState} RoomState
 * @typedef {{id: string, symbol: string, command?: object, dialog?: string, isDangerous?: boolean}} Control
 *   `dialog`: asks for more before there is a command
 */

const of = (type, fields) => (person) => ({ type, participant_id: person.id, ...fields });

/** `for`: whether it makes sense here; `isHost`: for hosts only. Of two that undo one another, one is there. */
const TABLE = [
  { id: "write", symbol: "chat", for: ({ isSelf }) => !isSelf, dialog: "write" },
  {
    id: "pin",
    symbol: "pin",
    for: isOther(({ id }, { pinnedId }) => id !== pinnedId, "hasVideo"),
    command: ({ id }) => ({ type: "view", pinned_id: id }),
  },
  {
    id: "unpin",
    symbol: "pin",
    for: isOther(({ id }, { pinnedId }) => id === pinnedId, "hasVideo"),
    command: () => ({ type: "view", pinned_id: null }),
  },
  {
    id: "mute",
    symbol: "microphone-off",
    isHost: true,
    for: isOther(({ is_muted }) => !is_muted),
    command: of("mute", { is_muted: true }),
  },
  {
    id: "unmute",
    symbol: "microphone",
    isHost: true,
    for: isOther(({ is_muted_by_host }) => is_muted_by_host),
    command: of("mute", { is_muted: false }),
  },
  {
    id: "ask",
    symbol: "microphone",
    isHost: true,
    for: isOther(({ is_muted }) => is_muted),
    command: of("ask_to_unmute"),
  },
  {
    id: "stop_camera",
    symbol: "camera-off",
    isHost: true,
    for: isOther(({ is_camera_stopped }) => !is_camera_stopped, "hasVideo"),
    command: of("stop_camera", { is_stopped: true }),
  },
  {
    id: "allow_camera",
    symbol: "camera",
    isHost: true,
    for: isOther(({ is_camera_stopped }) => is_camera_stopped, "hasVideo"),
    command: of("stop_camera", { is_stopped: false }),
  },
  {
    id: "spotlight",
    symbol: "spotlight",
    isHost: true,
    for: ({ hasVideo, isSpotlit }) => hasVideo && !isSpotlit,
    command: of("spotlight"),
  },
  {
    id: "end_spotlight",
    symbol: "spotlight",
    isHost: true,
    for: ({ hasVideo, isSpotlit }) => hasVideo && isSpotlit,
    command: () => ({ type: "spotlight", participant_id: null }),
  },
  {
    id: "give_floor",
    symbol: "floor",
    isHost: true,
    for: ({ person, isMaster }) => isMaster && !person.has_floor,
    command: of("floor", { has_floor: true }),
  },
  {
    id: "take_floor",
    symbol: "floor",
    isHost: true,
    for: ({ person, isMaster }) => isMaster && person.has_floor && person.role !== "host",
    command: of("floor", { has_floor: false }),
  },
  {
    id: "lower_hand",
    symbol: "hand",
    isHost: true,
    for: ({ person }) => Boolean(person.hand),
    command: of("lower_hand"),
  },
  { id: "place", symbol: "layout", isHost: true, for: ({ hasVideo }) => hasVideo, dialog: "place" },
  { id: "rename", symbol: "rename", isHost: true, for: () => true, dialog: "rename" },
  {
    id: "make_host",
    symbol: "host",
    isHost: true,
    for: isOther(({ role }) => role !== "host"),
    command: of("make_host", { is_host: true }),
  },
  {
    id: "make_guest",
    symbol: "host",
    isHost: true,
    for: isOther(({ role, is_chairman }) => role === "host" && !is_chairman),
    command: of("make_host", { is_host: false }),
  },
  {
    id: "make_chairman",
    symbol: "chairman",
    isHost: true,
    for: ({ isSelf, self }) => !isSelf && self.is_chairman,
    dialog: "make_chairman",
  },
  {
    id: "remove",
    symbol: "remove",
    isHost: true,
    isDangerous: true,
    for: isOther(({ is_chairman }) => !is_chairman),
    dialog: "remove",
  },
];

/**
 * @param {Participant} person
 * @param {RoomState} state
 * @returns {Control[]} in the order of a menu
 */
export function controlsOf(person, state) {
  const self = selfIn(state);
  const view = {
    person,
    self,
    isSelf: person.id === self.id,
    isSpotlit: person.id === state.spotlightId,
    pinnedId: state.pinnedId,
    isMaster: state.control === "MASTER",
    hasVideo: state.cells > 0,
  };
  const isThere = (entry) => (isHostIn(state) || !entry.isHost) && entry.for(view);
  return TABLE.filter(isThere).map(({ id, symbol, command, dialog, isDangerous }) => ({
    id,
    symbol,
    command: command?.(person),
    dialog,
    isDangerous,
  }));
}

/** Of somebody else for whom this holds; `needs` names what else must be. */
function isOther(holds, needs) {
  return (view) => !view.isSelf && holds(view.person, view) && (needs === undefined || view[needs]);
}
