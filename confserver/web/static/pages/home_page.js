/**
 * A host's meetings: to start one, to hand out its link, to make another.
 */

import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";
import { ApiError } from "../net/api.js";
import { authorized, goToLogin, logOut } from "../net/login.js";
import { t } from "../text/translate.js";
import { ConfNotices } from "../views/notices.js";
import { openMeetingForm } from "../views/meeting_form.js";
import { meetingRow } from "../views/meeting_row.js";
import { noAnswer } from "../views/endings.js";

const page = document.getElementById("page");
const notices = new ConfNotices();
const list = element("ul", { class: "meetings", "aria-labelledby": "meetings-title" });

async function refresh() {
  const { items } = await authorized("GET", "/user/meetings?top=100");
  const rows = items.map((meeting) => meetingRow(meeting, { copy: copyLink, destroy }));
  list.replaceChildren(...(rows.length > 0 ? rows : [element("li", { class: "empty hint" }, t("home.none"))]));
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
  await authorized("POST", "/user/meetings", fields);
  await refresh();
  notices.say(t("home.created", { subject: fields.subject }));
}

async function destroy({ id, subject }) {
  try {
    await authorized("POST", `/user/meetings/${encodeURIComponent(id)}/destroy`);
    notices.say(t("home.deleted", { subject }));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    notices.say(t("home.failed"));
  }
  await refresh();
}

async function leave() {
  await logOut();
  await goToLogin();
}

function button(id, text, look, press) {
  return element("button", { type: "button", class: look, dataset: { testid: id }, on: { click: press } }, ...text);
}

function show() {
  const add = button("new-meeting", [icon("plus"), t("home.new")], "button is-main", () => openMeetingForm(create));
  const out = button("log-out", [t("home.log_out")], "button", leave);
  page.replaceChildren(
    element("header", { class: "site-header" }, element("p", { class: "brand" }, t("brand")), out),
    element(
      "main",
      { class: "home" },
      element("div", { class: "home-heading" }, element("h1", { id: "meetings-title" }, t("home.title")), add),
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
