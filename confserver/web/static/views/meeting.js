/**
 * The meeting page: it connects what is seen with the room, the devices and the keyboard.
 */

import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";
import { OwnControls } from "../room/own_controls.js";
import { listenForShortcuts } from "../room/shortcuts.js";
import { t } from "../text/translate.js";
import { ask, openDialog } from "./dialogs.js";
import { openHelp } from "./help.js";
import { noticeOf } from "./notice_of.js";
import { ConfDevicePicker } from "./device_picker.js";
import { ConfNotices } from "./notices.js";
import { ConfPeople } from "./people.js";
import { ConfSelfView } from "./self_view.js";
import { ConfSound } from "./sound.js";
import { ConfStage } from "./stage.js";
import { ConfToolbar } from "./toolbar.js";

const PHASE_TEXTS = { connected: "", over: "", connecting: "phase.connecting", awaiting: "phase.awaiting" };
const UNNOTICED_MS = 500;

export class ConfMeeting extends HTMLElement {
  /** @type {import("../room/room_connection.js").RoomConnection} seated; set before it is put into the page */
  connection;
  /** @type {{hasVideo: boolean, inviteUrl: string|null}} set before it is put into the page */
  options;
  #subject = element("h1", { class: "subject" });
  #locked = element("span", { class: "badge", hidden: true }, icon("lock"), t("meeting.locked"));
  #banner = element("div", { class: "banner", role: "status", hidden: true, dataset: { testid: "connection" } });
  #lateBanner = 0;
  #stage = new ConfStage();
  #alone = element("div", { class: "alone", hidden: true });
  #people = new ConfPeople();
  #selfView = new ConfSelfView();
  #toolbar = new ConfToolbar();
  #notices = new ConfNotices();
  #sound = new ConfSound();
  #controls;
  #gone = new AbortController();

  connectedCallback() {
    this.#controls = new OwnControls(this.connection.media);
    this.#people.hidden = true;
    const skip = element("a", { class: "skip", href: "#controls" }, t("meeting.skip"));
    const header = element("header", { class: "meeting-header" }, this.#subject, this.#locked);
    const stage = element("main", { class: "stage-area" }, this.#stage, this.#alone);
    const footer = element("footer", { class: "meeting-footer", id: "controls", tabindex: "-1" }, this.#toolbar);
    const aside = [this.#people, this.#selfView];
    this.replaceChildren(skip, header, this.#banner, this.#sound, stage, ...aside, footer, this.#notices);
    this.#listen();
    this.#showPhase();
    this.#show();
    this.connection.start();
  }

  disconnectedCallback() {
    this.#gone.abort();
    clearTimeout(this.#lateBanner);
    this.#controls.close();
  }

  #listen() {
    const { signal } = this.#gone;
    const { connection } = this;
    const on = (target, event, listener) =>
      target.addEventListener(event, ({ detail }) => listener(detail), { signal });
    on(connection, "state", () => this.#show());
    on(connection, "phase", () => this.#showPhase());
    on(connection, "sound", (track) => this.#sound.hear(track));
    on(connection, "message", (message) => this.#tell(noticeOf(message, connection.state)));
    on(connection, "slots", (lines) => {
      this.#stage.setLines(lines);
      this.#stage.show(connection.state);
    });
    on(connection.media, "change", () => {
      this.#sound.tryAgain();
      this.#show();
    });
    on(this.#controls, "word", (key) => this.#tell(t(key)));
    on(this.#toolbar, "command", (command) => this.#command(command, true));
    on(this.#people, "close", () => this.#togglePeople());
    on(this.#people, "invite", () => this.#copyInvitation());
    on(this.#people, "mute", (person) => connection.link.mute(person.id, !person.is_muted_by_host));
    on(this.#people, "remove", (person) => this.#askToRemove(person));
    on(this.#people, "lock", () => connection.link.lock(!connection.state.isLocked));
    on(this.#people, "end", () => this.#askToEnd());
    signal.addEventListener("abort", listenForShortcuts((command, isDown) => this.#command(command, isDown)));
  }

  #command(command, isDown) {
    const commands = {
      microphone: () => this.#controls.toggleMicrophone(),
      talk: () => this.#controls.holdToTalk(isDown),
      camera: () => this.options.hasVideo && this.#controls.toggleCamera(),
      screen: () => this.options.hasVideo && this.#controls.toggleScreen(),
      people: () => this.#togglePeople(),
      devices: () => this.#openDevices(),
      leave: () => this.#askToLeave(),
      shortcuts: openHelp,
    };
    commands[command]();
  }

  #show() {
    const { state, media } = this.connection;
    const self = state.participants.get(state.selfId);
    this.#subject.textContent = state.subject;
    this.#locked.hidden = !state.isLocked;
    this.#stage.show(state);
    this.#showAlone(state.participants.size === 1);
    this.#people.show(state, { canInvite: this.options.inviteUrl !== null });
    this.#selfView.show(media, self, state.speakers.includes(state.selfId));
    this.#sound.speaker = media.chosen.speaker;
    this.#toolbar.show({
      isSilent: media.isSilent,
      hasCamera: media.camera !== null,
      hasVideo: this.options.hasVideo,
      isSharing: media.screen !== null,
      isPeopleOpen: !this.#people.hidden,
      peopleCount: state.participants.size,
    });
  }

  #showAlone(isAlone) {
    if (this.#alone.hidden === !isAlone) return;
    this.#alone.hidden = !isAlone;
    const look = { type: "button", class: "button", dataset: { testid: "copy-invite" } };
    const press = () => this.#copyInvitation();
    const invite = element("button", { ...look, on: { click: press } }, icon("copy"), t("people.invite"));
    this.#alone.replaceChildren(
      element("div", { class: "symbol" }, icon("people")),
      element("h2", {}, t("meeting.alone")),
      element("p", {}, t("meeting.alone_text")),
      this.options.inviteUrl === null ? "" : invite,
    );
  }

  #showPhase() {
    const { phase } = this.connection;
    this.dataset.phase = phase;
    const text = phase in PHASE_TEXTS ? PHASE_TEXTS[phase] : "phase.reconnecting";
    clearTimeout(this.#lateBanner);
    // What mends itself at once moves nothing on the page; a banner that is up stays up till the end.
    if (text === "" || !this.#banner.hidden) this.#showBanner(text);
    else this.#lateBanner = setTimeout(() => this.#showBanner(text), UNNOTICED_MS);
  }

  #showBanner(text) {
    this.#banner.textContent = text && t(text);
    this.#banner.hidden = text === "";
  }

  #tell(text) {
    if (text) this.#notices.say(text);
  }

  #togglePeople() {
    this.#people.hidden = !this.#people.hidden;
    this.classList.toggle("has-people", !this.#people.hidden);
    this.#show();
    if (!this.#people.hidden) this.#people.querySelector("button").focus();
  }

  #openDevices() {
    const picker = new ConfDevicePicker();
    picker.media = this.connection.media;
    picker.hasCamera = this.options.hasVideo;
    openDialog("devices", t("devices.title"), picker);
  }

  async #copyInvitation() {
    try {
      await navigator.clipboard.writeText(this.options.inviteUrl);
      this.#tell(t("invite.copied"));
    } catch {
      this.#tell(t("invite.here", { url: this.options.inviteUrl }));
    }
  }

  async #askToLeave() {
    const isHost = this.connection.state.role === "host";
    const answers = [{ value: "leave", label: t("leave.leave"), isDangerous: true, isFocused: true }];
    if (isHost) answers.push({ value: "end", label: t("leave.end") });
    const answer = await ask({ id: "leave", title: t("leave.title"), text: t("leave.text"), answers });
    if (answer === "leave") this.connection.leave();
    else if (answer === "end") this.connection.link.end();
  }

  async #askToEnd() {
    const answers = [{ value: "end", label: t("leave.end"), isDangerous: true }];
    const answer = await ask({ id: "end", title: t("end.title"), text: t("end.text"), answers });
    if (answer === "end") this.connection.link.end();
  }

  async #askToRemove(person) {
    const name = person.display_name;
    const answers = [{ value: "remove", label: t("remove.remove"), isDangerous: true }];
    const answer = await ask({ id: "remove", title: t("remove.title", { name }), text: t("remove.text"), answers });
    if (answer === "remove") this.connection.link.remove(person.id);
  }
}

customElements.define("conf-meeting", ConfMeeting);
