/**
 * Whose picture is large, for one person alone: whom they have pinned, the main picture of the host, or, in the view of
 * the speaker, who speaks. It knows ids, not elements.
 */

/**
 * @param {string[]} shown whose pictures there are, in the order of the layout
 * @param {import("../room/room_state.js").RoomState} state
 * @param {{isSpeakerView: boolean, hasScreen: boolean, before: string|null}} view `hasScreen`: one is among the
 *   pictures, and large in any case; `before`: the answer of last time
 * @returns {string|null} null where all are of one size
 */
export function mainOf(shown, state, { isSpeakerView, hasScreen, before }) {
  const isShown = (id) => shown.includes(id);
  const chosen = [state.pinnedId, state.spotlightId].find(isShown);
  if (chosen !== undefined) return chosen;
  if (!isSpeakerView || hasScreen) return null;
  // Of several who speak at once, whoever began stays; and so does whoever spoke last.
  const speakers = state.speakers.filter(isShown);
  if (isShown(before) && (speakers.length === 0 || speakers.includes(before))) return before;
  return speakers[0] ?? shown[0] ?? null;
}
