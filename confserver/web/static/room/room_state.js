/**
 * What is known of the room: a value, and the function from a message of docs/protocol.md to the next value.
 */

/** @typedef {{id: string, display_name: string, role: string, is_muted: boolean, is_muted_by_host: boolean,
 *   has_camera: boolean, has_screen: boolean, is_reconnecting: boolean, is_chairman: boolean, is_verified: boolean,
 *   is_camera_stopped: boolean, has_floor: boolean, hand: number|null, position: number|null}} Participant */
/** @typedef {{id: string, display_name: string, since: number, is_known: boolean, was_removed: boolean}} Waiting */
/** @typedef {{id: string, display_name: string, is_banned: boolean, by: string, at: number}} Removed */
/** @typedef {{id: number, from_id: string, from_name: string, to_id: string|null, text: string, at: number}} Message */
/** @typedef {{selfId: string, subject: string, cells: number, isLocked: boolean, layout: string,
 *   control: string, spotlightId: string|null, pinnedId: string|null, isMuteOnEntry: boolean,
 *   participants: Map<string, Participant>, waiting: Waiting[], removed: Removed[], chat: Message[], speakers:
 *   string[], slots: object[], missed: Set<string>}} RoomState `pinnedId`: whom oneself wants to see first; `waiting`,
 *   `removed`: known to hosts only; `chat`: what was written since one came in; `missed`: who has been reconnecting for
 *   a while */

/** As many as the room remembers itself. */
const MOST_CHAT = 100;

/**
 * @param {object} welcome
 * @param {object[]} [slots] as they were, where the pictures go on
 * @param {string|null} [pinnedId] as it was
 * @returns {RoomState}
 */
export function enteredRoom(welcome, slots = [], pinnedId = null) {
  const isThere = welcome.participants.some(({ id }) => id === pinnedId);
  return {
    selfId: welcome.participant_id,
    subject: welcome.subject,
    cells: welcome.cells,
    isLocked: welcome.is_locked,
    layout: welcome.layout,
    control: welcome.control,
    spotlightId: welcome.spotlight_id,
    pinnedId: isThere ? pinnedId : null,
    isMuteOnEntry: welcome.is_mute_on_entry,
    participants: new Map(welcome.participants.map((participant) => [participant.id, participant])),
    waiting: welcome.waiting,
    removed: welcome.removed,
    chat: welcome.chat,
    speakers: [],
    slots,
    missed: new Set(),
  };
}

/**
 * @param {RoomState} state
 * @returns {Participant} oneself as the server sees one
 */
export function selfIn(state) {
  return state.participants.get(state.selfId);
}

/**
 * @param {RoomState} state
 * @returns {boolean} whether one may steer the room; a role can change while one is in
 */
export function isHostIn(state) {
  return selfIn(state).role === "host";
}

/**
 * @param {RoomState} state
 * @returns {Participant[]} who has raised a hand, first come first
 */
export function handsIn(state) {
  return [...state.participants.values()].filter(({ hand }) => hand).sort((one, other) => one.hand - other.hand);
}

const CHANGES = {
  joined: (state, { participant }) => withParticipant(state, participant),
  updated: (state, { participant }) => withParticipant(state, participant),
  people: (state, { participants }) => participants.reduce(withParticipant, state),
  left: (state, { participant_id: id }) => {
    const participants = new Map(state.participants);
    participants.delete(id);
    return { ...state, participants, pinnedId: state.pinnedId === id ? null : state.pinnedId };
  },
  speakers: (state, { participant_ids: speakers }) => ({ ...state, speakers }),
  slots: (state, { slots }) => ({ ...state, slots }),
  waiting_list: (state, { waiting }) => ({ ...state, waiting }),
  removed_list: (state, { removed }) => ({ ...state, removed }),
  chat: (state, { type: _, ...message }) => ({ ...state, chat: [...state.chat, message].slice(-MOST_CHAT) }),
  room: (state, message) => ({
    ...state,
    isLocked: message.is_locked ?? state.isLocked,
    subject: message.subject ?? state.subject,
    cells: message.cells ?? state.cells,
    layout: message.layout ?? state.layout,
    control: message.control ?? state.control,
    spotlightId: message.spotlight_id ?? state.spotlightId,
    isMuteOnEntry: message.is_mute_on_entry ?? state.isMuteOnEntry,
  }),
};

/**
 * @param {RoomState} state
 * @param {{type: string}} message
 * @returns {RoomState} the same value when the message changes nothing
 */
export function nextState(state, message) {
  return CHANGES[message.type]?.(state, message) ?? state;
}

function withParticipant(state, participant) {
  return { ...state, participants: new Map(state.participants).set(participant.id, participant) };
}
