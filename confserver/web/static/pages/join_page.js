/**
 * The page behind an invite link, and behind a host's link: from the first look at the meeting through its waiting room
 * to its end, and back into one's seat.
 */

import { deviceMark } from "../base/device.js";
import { SeatMemory } from "../base/seat_memory.js";
import { recall } from "../base/storage.js";
import { ApiError } from "../net/api.js";
import { Refused } from "../net/room_link.js";
import { LocalMedia } from "../media/local_media.js";
import { RoomConnection } from "../room/room_connection.js";
import { t } from "../text/translate.js";
import { ConfJoin } from "../views/join.js";
import { ConfMeeting } from "../views/meeting.js";
import { closedDoor, ending, noAnswer, wayBack } from "../views/endings.js";
import { ConfWaitingRoom } from "../views/waiting_room.js";
import { invitationHere } from "./invitation.js";

/** A seat is not held for long: devices that take longer than this follow later. */
const DEVICES_WITHIN_MS = 1000;
/** Doors at which it makes sense to knock: before the host is there, one waits. */
const OPEN = new Set(["open", "not_started"]);
/** Doors that open to somebody who has been inside, or has waited. */
const OPEN_TO_RETURNING = new Set([...OPEN, "full", "locked"]);
/** After these the seat is not to be claimed by this tab, but what this browser knows of it still counts. */
const KEPT_ELSEWHERE = new Set(["removed", "replaced"]);
const ABOUT_PIN = new Set(["wrong_pin", "pin_required"]);
/** Ends after which nobody has a claim to the seat. */
const FORGETTABLE = new Set(["left", "ended", "deleted", "cancelled", "time_up", "host_left"]);

const page = document.getElementById("page");
const memory = await SeatMemory.here();

async function open() {
  try {
    const invitation = await invitationHere();
    document.title = t("title.meeting", { subject: invitation.subject });
    const isReturning = memory.ofThisBrowser !== null && OPEN_TO_RETURNING.has(invitation.state);
    if (memory.ofThisTab) resume(invitation, memory.ofThisTab);
    else if (OPEN.has(invitation.state) || isReturning) showLobby(invitation);
    else turnTo(closedDoor(invitation.state, invitation.startsAt, reload));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    turnTo(noAnswer(error, reload));
  }
}

function showLobby(invitation, refusal = null) {
  document.title = t("title.meeting", { subject: invitation.subject });
  const seat = memory.ofThisBrowser;
  const media = new LocalMedia();
  media.isMuted = seat?.isMuted ?? false;
  let entry = {};
  const connection = new RoomConnection(media, () => describe(invitation, entry), seat?.token);
  keepSeat(connection, () => entry.display_name);
  const lobby = new ConfJoin();
  // Whoever comes back to a seat is what they were there.
  const asked = seat ? { isPinAsked: false, hasHostPin: false } : {};
  Object.assign(lobby, { media, invitation: { ...invitation, ...asked } });
  lobby.addEventListener("join", async ({ detail }) => {
    entry = detail;
    await ask(lobby, connection, { ...invitation, pin: entry.pin }, entry.display_name);
  });
  page.replaceChildren(lobby);
  if (refusal) showRefusal(lobby, refusal);
  media.openMicrophone();
  if (invitation.hasVideo && (seat?.hasCamera ?? recall("low_data") !== "on")) media.openCamera();
}

async function describe(invitation, { display_name, pin }) {
  return { display_name, device: deviceMark(), ...(await invitation.credentials(pin)) };
}

async function ask(lobby, connection, invitation, displayName) {
  lobby.isBusy = true;
  const onWaiting = ({ detail }) => showWaiting(connection, invitation, detail);
  connection.addEventListener("waiting", onWaiting);
  try {
    await connection.seat();
    showMeeting(connection, invitation, displayName);
  } catch (error) {
    connection.removeEventListener("waiting", onWaiting);
    lobby.isBusy = false;
    if (lobby.isConnected) return showRefusal(lobby, error);
    connection.leave();
    showNoWayIn(invitation, error);
  }
}

function showRefusal(lobby, error) {
  if (!(error instanceof Refused)) return lobby.showProblem(t("refused.unreachable"));
  const isAboutPin = ABOUT_PIN.has(error.reason);
  lobby.showProblem(t(`refused.${error.reason}`), { isAboutPin, retryAfterS: error.retryAfterS });
}

/** Back into the seat as it was left, past the lobby. */
async function resume(invitation, seat) {
  const media = new LocalMedia();
  media.isMuted = seat.isMuted;
  const entry = { display_name: seat.displayName, pin: invitation.pin };
  const connection = new RoomConnection(media, () => describe(invitation, entry), seat.token);
  keepSeat(connection, () => seat.displayName);
  connection.addEventListener("waiting", ({ detail }) => showWaiting(connection, invitation, detail));
  turnTo(wayBack(() => connection.leave()));
  try {
    await openDevices(media, invitation.hasVideo && seat.hasCamera);
    await connection.seatPatiently(true);
  } catch (error) {
    connection.leave();
    return showNoWayIn(invitation, error);
  }
  const { self } = connection;
  if (self.is_muted && !self.is_muted_by_host) media.isMuted = true;
  showMeeting(connection, invitation, seat.displayName);
}

/** Who is heard and seen right away has never been gone; and a page that listens itself may sound without a click. */
function openDevices(media, hasCamera) {
  const opened = [media.openMicrophone(), hasCamera ? media.openCamera() : null];
  const late = new Promise((resolve) => setTimeout(resolve, DEVICES_WITHIN_MS));
  return Promise.race([Promise.all(opened), late]);
}

/** For whoever was in, or waited: they have no lobby before them that could tell them. */
function showNoWayIn(invitation, error) {
  // Whoever did not want to wait any longer is told nothing about it.
  if (error.name === "AbortError") return showLobby(invitation);
  if (!(error instanceof Refused)) return showLobby(invitation, error);
  if (KEPT_ELSEWHERE.has(error.reason)) memory.forgetInThisTab();
  else memory.forget();
  if (ABOUT_PIN.has(error.reason)) return showLobby(invitation, error);
  turnTo(ending(error.reason, () => comeBack(invitation, error.reason), error.word));
}

function showWaiting(connection, invitation, waiting) {
  document.title = t("title.waiting", { subject: invitation.subject });
  const shown = page.querySelector("conf-waiting-room");
  if (shown) return shown.show(waiting);
  const room = Object.assign(new ConfWaitingRoom(), { connection, hasVideo: invitation.hasVideo });
  room.addEventListener("leave", () => {
    memory.forget();
    connection.leave();
  });
  room.show(waiting);
  page.replaceChildren(room);
}

function showMeeting(connection, invitation, displayName) {
  document.title = t("title.meeting", { subject: invitation.subject });
  const meeting = new ConfMeeting();
  Object.assign(meeting, { connection, options: invitation });
  connection.addEventListener("over", ({ detail: reason }) => {
    if (FORGETTABLE.has(reason)) memory.forget();
    else memory.forgetInThisTab();
    for (const dialog of document.querySelectorAll("dialog")) dialog.remove();
    if (reason === "waiting") waitAgain(connection, invitation, displayName);
    else turnTo(ending(reason, () => comeBack(invitation, reason)));
  });
  page.replaceChildren(meeting);
}

/** Remembers the seat, or the place in the waiting room, from when there is one. */
function keepSeat(connection, nameNow) {
  const { media } = connection;
  let isPlaced = false;
  const keep = () => {
    if (!isPlaced || connection.phase === "over") return;
    memory.keep({
      token: connection.seatToken,
      displayName: nameNow(),
      isMuted: media.isMuted,
      hasCamera: media.camera !== null,
    });
  };
  const begin = () => {
    isPlaced = true;
    keep();
  };
  connection.addEventListener("waiting", begin);
  connection.addEventListener("state", begin);
  media.addEventListener("change", keep);
}

/** The seat was gone, and the way to another one is through the waiting room. */
function waitAgain(connection, invitation, displayName) {
  const before = { isMuted: connection.media.isMuted, hasCamera: false, ...memory.ofThisBrowser };
  resume(invitation, { ...before, displayName, token: connection.seatToken });
}

function comeBack(invitation, reason) {
  const seat = memory.ofThisBrowser;
  if (reason === "replaced" && seat) resume(invitation, seat);
  else showLobby(invitation);
}

function turnTo(message) {
  page.replaceChildren(message);
  message.querySelector("h1").focus();
}

function reload() {
  location.reload();
}

await open();
