/**
 * What is known of a meeting before one enters it, and as whom the page's address lets one ask: with the access key,
 * and a login if this tab has one; or as a host by meeting id and login.
 */

import { lookUpInvitation } from "../net/api.js";
import { accessToken, authorized, loginIfAny } from "../net/login.js";

/**
 * @typedef {{subject: string, state: string, startsAt: string|null, hostName: string|null, hasVideo: boolean,
 *   isPinAsked: boolean, hasHostPin: boolean, pin: string, displayName: string, inviteUrl: string|null, hasWaitingRoom:
 *   boolean, isPersonal: boolean, credentials: (pin: string) => Promise<object>}} Invitation `hasHostPin`: and no other
 *   that could be asked for; `isPersonal`: by a join token
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
 * Reads what the fragment says and removes it from the address bar, where shoulders and screen shares would see it. A
 * join token cannot be typed again: for a reload, this tab keeps it where no page and no server sees it.
 *
 * @returns {{pin: string, joinToken: string}} empty where there is none
 */
export function takeFragment() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const joinToken = fragment.get("token") ?? history.state?.joinToken ?? "";
  if (location.hash !== "") history.replaceState({ ...history.state, joinToken }, "", location.pathname);
  return { pin: fragment.get("pin") ?? "", joinToken };
}

async function forGuest(accessKey) {
  const { pin, joinToken } = takeFragment();
  const [known, login] = await Promise.all([lookUpInvitation(accessKey), loginIfAny()]);
  const invited = joinToken === "" ? {} : { join_token: joinToken };
  return {
    subject: known.subject,
    // The login may be a host's, whom no lock keeps out; else the answer to `join` says so.
    state: known.state === "locked" && login !== null ? "open" : known.state,
    startsAt: known.starts_at,
    hostName: known.host_name,
    hasVideo: known.mode !== "AUDIO",
    // A join token stands for the PIN, and so may a login: then the answer to `join` asks for it if it does not.
    isPinAsked: known.pin_required && joinToken === "" && login === null,
    hasHostPin: known.host_pin && !known.pin_required,
    pin,
    displayName: "",
    inviteUrl: location.origin + location.pathname,
    hasWaitingRoom: known.waiting_room,
    isPersonal: joinToken !== "",
    credentials: async (typed) => ({
      access_key: accessKey,
      ...invited,
      ...(typed === "" ? {} : { pin: typed }),
      ...shownLogin(await loginIfAny()),
    }),
  };
}

async function forHost(meetingId) {
  const meeting = await authorized("GET", `/user/meetings/${encodeURIComponent(meetingId)}`);
  const session = await authorized("GET", "/login");
  return {
    subject: meeting.subject,
    // A host may enter a locked meeting and start one; what forbids even that, the answer to `join` says.
    state: "open",
    startsAt: meeting.starts_at,
    hostName: null,
    hasVideo: meeting.mode !== "AUDIO",
    isPinAsked: false,
    hasHostPin: false,
    pin: "",
    displayName: session.display_name || session.username,
    inviteUrl: meeting.invite_url,
    hasWaitingRoom: false,
    isPersonal: false,
    credentials: async () => ({ meeting_id: meetingId, ...shownLogin(await accessToken()) }),
  };
}

function shownLogin(token) {
  return token === null ? {} : { token };
}
