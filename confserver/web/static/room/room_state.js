/**
 * What is known of the room: a value, and the function from a message of docs/protocol.md to the next value.
 */

/** @typedef {{id: string, display_name: string, role: string, is_muted: boolean, is_muted_by_host: boolean,
 *   has_camera: boolean, has_screen: boolean}} Participant */
/** @typedef {{selfId: string, role: string, subject: string, cells: number, isLocked: boolean,
 *   participants: Map<string, Participant>, speakers: string[], slots: object[]}} RoomState */

/**
 * @param {object} welcome
 * @returns {RoomState}
 */
export function enteredRoom(welcome) {
  return {
    selfId: welcome.participant_id,
    role: welcome.role,
    subject: welcome.subject,
    cells: welcome.cells,
    isLocked: welcome.is_locked,
    participants: new Map(welcome.participants.map((participant) => [participant.id, participant])),
    speakers: [],
    slots: [],
  };
}

const CHANGES = {
  joined: (state, { participant }) => withParticipant(state, participant),
  updated: (state, { participant }) => withParticipant(state, participant),
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
