/**
 * A host's meetings: to open one, to hand out its link, to change it, to make another.
 */

import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";
import { ApiError } from "../net/api.js";
import { goToLogin, logOut } from "../net/login.js";
import * as meetings from "../net/meetings.js";
import { t } from "../text/translate.js";
import { noAnswer } from "../views/endings.js";
import { openMeetingSettings, openNewMeeting } from "../views/meeting_form.js";
import { ConfMeetings } from "../views/meeting_list.js";
import { meetingRow, pathOfHost } from "../views/meeting_row.js";
import { ConfNotices } from "../views/notices.js";

const page = document.getElementById("page");
const notices = new ConfNotices();
const ownRow = element("ul", { class: "meetings", "aria-label": t("home.own_room"), dataset: { testid: "own-room" } });
let ownRoom = null;

const actions = { copy: copyLink, openAgain };
const read = (wanted) => meetings.listMeetings({ ...wanted, besides: ownRoom.id });
const rowOf = (meeting) => meetingRow(meeting, { ...actions, settings: (one) => openSettings(one, true), destroy });
const list = new ConfMeetings(read, rowOf, meetings.MOST_AT_ONCE);

async function refreshOwnRoom() {
  ownRoom = await meetings.ownRoom();
  const settings = (room) => openSettings(room, false);
  ownRow.replaceChildren(meetingRow(ownRoom, { ...actions, settings }, t("home.own_room")));
}

async function refresh() {
  await refreshOwnRoom();
  await list.refresh();
}

async function copyLink({ invite_url: url }) {
  try {
    await navigator.clipboard.writeText(url);
    notices.say(t("invite.copied"));
  } catch {
    notices.say(t("invite.here", { url }));
  }
}

async function create(fields) {
  await meetings.createMeeting(fields);
  notices.say(t("home.created", { subject: fields.subject }));
  await tryTo(refresh);
}

function openSettings(meeting, hasTimes) {
  openMeetingSettings(meeting, hasTimes, async (changed) => {
    await meetings.changeMeeting(meeting, changed);
    notices.say(t("home.changed", { subject: changed.subject ?? meeting.subject }));
    await tryTo(refresh);
  });
}

async function openAgain(meeting) {
  await tryTo(async () => {
    await meetings.openAgain(meeting, t("home.again_reason"));
    location.assign(pathOfHost(meeting));
  });
}

async function destroy(meeting) {
  await tryTo(async () => {
    await meetings.destroyMeeting(meeting);
    notices.say(t("home.deleted", { subject: meeting.subject }));
  });
  await tryTo(refresh);
}

async function tryTo(step) {
  try {
    await step();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    notices.say(t(error.status === 403 ? "home.may_only_look" : "home.failed"));
  }
}

async function leave() {
  await logOut();
  await goToLogin();
}

function button(id, text, look, press) {
  return element("button", { type: "button", class: look, dataset: { testid: id }, on: { click: press } }, ...text);
}

function show() {
  const add = button("new-meeting", [icon("plus"), t("home.new")], "button is-main", () => openNewMeeting(create));
  const out = button("log-out", [t("home.log_out")], "button", leave);
  page.replaceChildren(
    element("header", { class: "site-header" }, element("p", { class: "brand" }, t("brand")), out),
    element(
      "main",
      { class: "home" },
      element("div", { class: "home-heading" }, element("h1", { id: "meetings-title" }, t("home.title")), add),
      ownRow,
      list,
    ),
    notices,
  );
}

document.title = t("title.home");
try {
  await refresh();
  show();
} catch (error) {
  if (!(error instanceof ApiError)) throw error;
  page.replaceChildren(noAnswer(error, () => location.reload()));
}
