/**
 * A host's meetings as the REST API keeps them. It knows nothing of how they look.
 */

import { authorized } from "./login.js";

/** @typedef {object} Meeting as docs/rest.md describes one */

/** Most that one request may ask for. */
export const MOST_AT_ONCE = 100;

/**
 * @param {{search: string, skip: number, top: number, besides: string}} wanted newest first; `besides`: the id of one
 *   that is shown elsewhere
 * @returns {Promise<{count: number, items: Meeting[]}>} `count` is that of all
 * @throws {ApiError}
 */
export function listMeetings({ search, skip, top, besides }) {
  const query = new URLSearchParams({ orderby: "created_at desc", filter: `id ne '${besides}'`, skip, top });
  if (search !== "") query.set("search", search);
  return authorized("GET", `/user/meetings?${query}`);
}

/**
 * @returns {Promise<Meeting>} the host's own room
 * @throws {ApiError}
 */
export function ownRoom() {
  return authorized("GET", "/user/room");
}

/**
 * @param {object} fields
 * @throws {ApiError}
 */
export function createMeeting(fields) {
  return authorized("POST", "/user/meetings", fields);
}

/**
 * @param {Meeting} meeting
 * @param {object} fields only what is to be changed
 * @throws {ApiError}
 */
export function changeMeeting({ id }, fields) {
  return authorized("POST", pathOf(id), fields);
}

/**
 * @param {Meeting} meeting
 * @throws {ApiError}
 */
export function destroyMeeting({ id }) {
  return authorized("POST", `${pathOf(id)}/destroy`);
}

/**
 * Opens a meeting that is over. One that was called off is given a new time first, since nothing else revives it.
 *
 * @param {Meeting} meeting
 * @param {string} reason why it is on again
 * @throws {ApiError}
 */
export async function openAgain({ id, state }, reason) {
  if (state === "CANCELLED") {
    const now = new Date().toISOString();
    await authorized("POST", `${pathOf(id)}/reschedule`, { reason, scheduled_start_at: now });
  }
  await authorized("POST", `${pathOf(id)}/start`);
}

function pathOf(id) {
  return `/user/meetings/${encodeURIComponent(id)}`;
}
