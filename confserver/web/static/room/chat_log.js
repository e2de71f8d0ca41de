/**
 * What was written while one was in the meeting, over reconnecting too, and how much of it is still unread. It shows
 * nothing.
 */

/** More than anybody scrolls back to; older ones go. */
const MOST = 500;

/** @typedef {import("./room_state.js").Message & {isOwn: boolean, toName: string}} LoggedMessage */

export class ChatLog {
  /** @type {LoggedMessage[]} oldest first */
  messages = [];
  unread = 0;
  #known = new Set();

  /**
   * @param {import("./room_state.js").RoomState} state
   * @param {boolean} isRead the person has it before their eyes
   */
  follow(state, isRead) {
    for (const message of state.chat) this.#take(message, state);
    this.messages = this.messages.slice(-MOST);
    if (isRead) this.unread = 0;
  }

  #take(message, { selfId, participants }) {
    // Numbers begin anew with a room that was empty meanwhile.
    const key = `${message.id} ${message.at}`;
    if (this.#known.has(key)) return;
    this.#known.add(key);
    const isOwn = message.from_id === selfId;
    const toName = participants.get(message.to_id)?.display_name ?? "";
    this.messages.push({ ...message, isOwn, toName });
    if (!isOwn) this.unread++;
  }
}
