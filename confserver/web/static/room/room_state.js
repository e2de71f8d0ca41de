/**
 * What is known of the room: a value, and the function from a message of docs/protocol.md to the next value.
 */

/** @typedef {{id: string, display_name: string, role: string, is_muted: boolean, is_muted_by_host: boolean,
 *   has_camera: boolean, has_screen: boolean, is_reconnecting: boolean}} Participant */
/** @typedef {{selfId: string, role: string, subject: string, cells: number, isLocked: boolean,
 *   participants: Map<string, Participant>, speakers: string[], slots: object[], missed: Set<string>}} RoomState
 *   `missed`: who has been reconnecting for a while */

/**
 * @param {object} welcome
 * @param {object[]} [slots] as they were, where the pictures go on
 * @returns {RoomState}
 */
export function enteredRoom(welcome, slots = []) {
  return {
    selfId: welcome.participant_id,
    role: welcome.role,
    subject: welcome.subject,
    cells: welcome.cells,
    isLocked: welcome.is_locked,
    participants: new Map(welcome.participants.map((participant) => [participant.id, participant])),
    speakers: [],
    slots,
    missed: new Set(),
  };
}

const CHANGES = {
  joined: (state, { participant }) => withParticipant(state, participant),
  updated: (state, { participant }) => withParticipant(state, participant),
  people: (state, { participants }) => participants.reduce(withParticipant, state),
  left: (state, { participant_id: id }) => {
    const participants = new Map(state.participants);
    participants.delete(id);
    return { ...state, participants };
  },
  speakers: (state, { participant_ids: speakers }) => ({ ...state, speakers }),
  slots: (state, { slots }) => ({ ...state, slots }),
  room: (state, message) => ({
    ...state,
    isLocked: message.is_locked ?? state.isLocked,
    subject: message.subject ?? state.subject,
    cells: message.cells ?? state.cells,
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
