/**
 * The page behind an invite link, and behind a host's link: from the first look at the meeting to its end.
 */

import { ApiError } from "../net/api.js";
import { Refused } from "../net/room_link.js";
import { LocalMedia } from "../media/local_media.js";
import { RoomConnection } from "../room/room_connection.js";
import { t } from "../text/translate.js";
import { ConfJoin } from "../views/join.js";
import { ConfMeeting } from "../views/meeting.js";
import { closedDoor, ending, noAnswer } from "../views/endings.js";
import { invitationHere } from "./invitation.js";

const page = document.getElementById("page");

async function open() {
  try {
    const invitation = await invitationHere();
    document.title = t("title.meeting", { subject: invitation.subject });
    if (invitation.state === "open") showLobby(invitation);
    else turnTo(closedDoor(invitation.state, invitation.startsAt, reload));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    turnTo(noAnswer(error, reload));
  }
}

function showLobby(invitation) {
  const media = new LocalMedia();
  let entry = {};
  const connection = new RoomConnection(media, async () => ({
    display_name: entry.display_name,
    ...(await invitation.credentials(entry.pin)),
  }));
  const lobby = new ConfJoin();
  Object.assign(lobby, { media, invitation });
  lobby.addEventListener("join", async ({ detail }) => {
    entry = detail;
    await ask(lobby, connection, () => showMeeting(connection, { ...invitation, pin: entry.pin }));
  });
  page.replaceChildren(lobby);
  media.openMicrophone();
  if (invitation.hasVideo) media.openCamera();
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
  const isAboutPin = error.reason === "wrong_pin" || error.reason === "pin_required";
  lobby.showProblem(t(`refused.${error.reason}`), { isAboutPin, retryAfterS: error.retryAfterS });
}

function showMeeting(connection, invitation) {
  const meeting = new ConfMeeting();
  Object.assign(meeting, { connection, options: invitation });
  const leave = () => connection.leave();
  addEventListener("pagehide", leave);
  connection.addEventListener("over", ({ detail: reason }) => {
    removeEventListener("pagehide", leave);
    for (const dialog of document.querySelectorAll("dialog")) dialog.remove();
    turnTo(ending(reason, () => showLobby(invitation)));
  });
  page.replaceChildren(meeting);
}

function turnTo(message) {
  page.replaceChildren(message);
  message.querySelector("h1").focus();
}

function reload() {
  location.reload();
}

await open();
