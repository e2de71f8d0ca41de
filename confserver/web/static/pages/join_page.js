/**
 * The page behind an invite link, and behind a host's link: from the first look at the meeting to its end, and back into
 * one's seat.
 */

import { SeatMemory } from "../base/seat_memory.js";
import { ApiError } from "../net/api.js";
import { Refused } from "../net/room_link.js";
import { LocalMedia } from "../media/local_media.js";
import { RoomConnection } from "../room/room_connection.js";
import { t } from "../text/translate.js";
import { ConfJoin } from "../views/join.js";
import { ConfMeeting } from "../views/meeting.js";
import { closedDoor, ending, noAnswer, wayBack } from "../views/endings.js";
import { invitationHere } from "./invitation.js";

/** A seat is not held for long: devices that take longer than this follow later. */
const DEVICES_WITHIN_MS = 1000;
/** Doors that open to somebody who has been inside. */
const OPEN_TO_RETURNING = new Set(["open", "full", "locked", "not_started"]);
const ABOUT_PIN = new Set(["wrong_pin", "pin_required"]);
/** Ends after which nobody has a claim to the seat. */
const FORGETTABLE = new Set(["left", "ended", "deleted"]);

const page = document.getElementById("page");
const memory = await SeatMemory.here();

async function open() {
  try {
    const invitation = await invitationHere();
    document.title = t("title.meeting", { subject: invitation.subject });
    const isReturning = memory.ofThisBrowser !== null && OPEN_TO_RETURNING.has(invitation.state);
    if (memory.ofThisTab) resume(invitation, memory.ofThisTab);
    else if (invitation.state === "open" || isReturning) showLobby(invitation);
    else turnTo(closedDoor(invitation.state, invitation.startsAt, reload));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    turnTo(noAnswer(error, reload));
  }
}

function showLobby(invitation, refusal = null) {
  const seat = memory.ofThisBrowser;
  const media = new LocalMedia();
  media.isMuted = seat?.isMuted ?? false;
  let entry = {};
  const connection = new RoomConnection(media, () => describe(invitation, entry), seat?.token);
  const lobby = new ConfJoin();
  Object.assign(lobby, { media, invitation: { ...invitation, isPinAsked: invitation.isPinAsked && !seat } });
  lobby.addEventListener("join", async ({ detail }) => {
    entry = detail;
    await ask(lobby, connection, () => showMeeting(connection, { ...invitation, pin: entry.pin }, entry.display_name));
  });
  page.replaceChildren(lobby);
  if (refusal) showRefusal(lobby, refusal);
  media.openMicrophone();
  if (invitation.hasVideo && (seat?.hasCamera ?? true)) media.openCamera();
}

async function describe(invitation, { display_name, pin }) {
  return { display_name, ...(await invitation.credentials(pin)) };
}

async function ask(lobby, connection, onSeated) {
  lobby.isBusy = true;
  try {
    await connection.seat();
    onSeated();
  } catch (error) {
    lobby.isBusy = false;
    showRefusal(lobby, error);
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
  turnTo(wayBack(() => connection.leave()));
  try {
    await openDevices(media, invitation.hasVideo && seat.hasCamera);
    await connection.seatPatiently(true);
  } catch (error) {
    media.close();
    return showNoWayBack(invitation, error);
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

function showNoWayBack(invitation, error) {
  // Whoever did not want to wait any longer is told nothing about it.
  if (error.name === "AbortError") return showLobby(invitation);
  if (!(error instanceof Refused)) return showLobby(invitation, error);
  if (error.reason === "removed") memory.forgetInThisTab();
  else memory.forget();
  if (ABOUT_PIN.has(error.reason)) return showLobby(invitation, error);
  turnTo(ending(error.reason, () => showLobby(invitation)));
}

function showMeeting(connection, invitation, displayName) {
  keepSeat(connection, displayName);
  const meeting = new ConfMeeting();
  Object.assign(meeting, { connection, options: invitation });
  connection.addEventListener("over", ({ detail: reason }) => {
    if (FORGETTABLE.has(reason)) memory.forget();
    else memory.forgetInThisTab();
    for (const dialog of document.querySelectorAll("dialog")) dialog.remove();
    turnTo(ending(reason, () => comeBack(invitation, reason)));
  });
  page.replaceChildren(meeting);
}

function keepSeat(connection, displayName) {
  const { media } = connection;
  const keep = () => {
    if (connection.phase === "over") return;
    memory.keep({
      token: connection.seatToken,
      displayName,
      isMuted: media.isMuted,
      hasCamera: media.camera !== null,
    });
  };
  connection.addEventListener("state", keep);
  media.addEventListener("change", keep);
  keep();
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
