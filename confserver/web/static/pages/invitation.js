/**
 * What is known of a meeting before one enters it, and as whom the page's address lets one ask: as a guest by access
 * key, as a host by meeting id and login.
 */

import { lookUpInvitation } from "../net/api.js";
import { accessToken, authorized } from "../net/login.js";

/**
 * @typedef {{subject: string, state: string, startsAt: string|null, hostName: string|null, hasVideo: boolean,
 *   isPinAsked: boolean, pin: string, displayName: string, inviteUrl: string|null,
 *   credentials: (pin: string) => Promise<object>}} Invitation
 */

/**
 * @returns {Promise<Invitation>} for the address of this page
 * @throws {import("../net/api.js").ApiError}
 */
export function invitationHere() {
  const guest = /^\/join\/([^/]+)$/.exec(location.pathname);
  if (guest) return forGuest(decodeURIComponent(guest[1]));
  return forHost(decodeURIComponent(location.pathname.split("/").pop()));
}

/**
 * Reads the PIN of the fragment and removes it from the address bar, where shoulders and screen shares would see it.
 *
 * @returns {string} empty without one
 */
export function takePin() {
  const pin = new URLSearchParams(location.hash.slice(1)).get("pin") ?? "";
  if (location.hash !== "") history.replaceState(history.state, "", location.pathname);
  return pin;
}

async function forGuest(accessKey) {
  const pin = takePin();
  const known = await lookUpInvitation(accessKey);
  return {
    subject: known.subject,
    state: known.state,
    startsAt: known.starts_at,
    hostName: known.host_name,
    hasVideo: known.mode !== "AUDIO",
    isPinAsked: known.pin_required,
    pin,
    displayName: "",
    inviteUrl: location.origin + location.pathname,
    credentials: async (typed) => ({ access_key: accessKey, ...(typed === "" ? {} : { pin: typed }) }),
  };
}

async function forHost(meetingId) {
  const meeting = await authorized("GET", `/user/meetings/${encodeURIComponent(meetingId)}`);
  const session = await authorized("GET", "/login");
  return {
    subject: meeting.subject,
    // A host may enter a locked meeting and start one; what forbids even that, the answer to `join` says.
    state: "open",
    startsAt: meeting.scheduled_start_at,
    hostName: null,
    hasVideo: meeting.mode !== "AUDIO",
    isPinAsked: false,
    pin: "",
    displayName: session.display_name || session.username,
    inviteUrl: meeting.invite_url,
    credentials: async () => {
      const token = await accessToken();
      return { meeting_id: meetingId, ...(token === null ? {} : { token }) };
    },
  };
}
