/**
 * The meeting page: it connects what is seen with the room, the devices and the keyboard.
 */

import { element } from "../base/elements.js";
import { icon } from "../base/icons.js";
import { OwnControls } from "../room/own_controls.js";
import { followHosts } from "../room/own_state.js";
import { isHostIn, selfIn } from "../room/room_state.js";
import { listenForShortcuts } from "../room/shortcuts.js";
import { t } from "../text/translate.js";
import { ask, openDialog } from "./dialogs.js";
import { openHelp } from "./help.js";
import { openMore, openReactions } from "./meeting_menus.js";
import { noticeOf } from "./notice_of.js";
import { ConfDevicePicker } from "./device_picker.js";
import { HostDesk } from "./host_desk.js";
import { ConfNotices } from "./notices.js";
import { OwnDesk } from "./own_desk.js";
import { Prompting } from "./prompting.js";
import { ConfPrompts } from "./prompts.js";
import { SIGNS, showReaction } from "./reactions.js";
import { ConfSelfView } from "./self_view.js";
import { ConfSide } from "./side.js";
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
  #listening = element("span", { class: "badge", hidden: true }, icon("floor"), t("meeting.listening"));
  #lowData = element(
    "span",
    { class: "badge", hidden: true, dataset: { testid: "low-data" } },
    icon("low-data"),
    t("meeting.low_data"),
  );
  #banner = element("div", { class: "banner", role: "status", hidden: true, dataset: { testid: "connection" } });
  #lateBanner = 0;
  #stage = new ConfStage();
  #alone = element("div", { class: "alone", hidden: true });
  #side = new ConfSide();
  #selfView = new ConfSelfView();
  #toolbar = new ConfToolbar();
  #notices = new ConfNotices();
  #prompts = new ConfPrompts();
  #prompting = new Prompting(this.#prompts, {
    unmute: () => this.connection.media.isMuted && this.#controls.toggleMicrophone(),
    look: () => this.#side.open("people"),
  });
  #sound = new ConfSound();
  #controls;
  /** @type {OwnDesk} */
  #own;
  #gone = new AbortController();

  connectedCallback() {
    this.#controls = new OwnControls(this.connection);
    this.#own = new OwnDesk(this.connection, this.options.hasVideo);
    const skip = element("a", { class: "skip", href: "#controls" }, t("meeting.skip"));
    const badges = [this.#locked, this.#listening, this.#lowData];
    const header = element("header", { class: "meeting-header" }, this.#subject, ...badges);
    const stage = element("main", { class: "stage-area" }, this.#stage, this.#alone);
    const footer = element("footer", { class: "meeting-footer", id: "controls", tabindex: "-1" }, this.#toolbar);
    const aside = [this.#side, this.#selfView];
    const words = [this.#prompts, this.#notices];
    this.replaceChildren(skip, header, this.#banner, this.#sound, stage, ...aside, footer, ...words);
    followHosts(this.connection, () => this.#tell(t("own.muted_for_now")), this.#gone.signal);
    this.#listen();
    this.#showPhase();
    this.#show();
    this.connection.start();
  }

  disconnectedCallback() {
    this.#gone.abort();
    clearTimeout(this.#lateBanner);
    this.#controls.close();
    this.#own.close();
  }

  #listen() {
    const { signal } = this.#gone;
    const { connection } = this;
    const on = (target, event, listener) =>
      target.addEventListener(event, ({ detail }) => listener(detail), { signal });
    on(connection, "state", () => this.#show());
    on(connection, "phase", () => this.#showPhase());
    on(connection, "sound", (track) => this.#sound.hear(track));
    on(connection, "message", (message) => this.#hear(message));
    on(connection, "slots", (lines) => {
      this.#stage.setLines(lines);
      this.#showStage();
    });
    on(connection.media, "change", () => {
      this.#sound.tryAgain();
      this.#show();
    });
    for (const desk of [this.#controls, this.#own]) on(desk, "word", (key) => this.#tell(t(key)));
    on(this.#own, "change", () => this.#show());
    on(this.#stage, "pin", (id) => this.#own.togglePin(id));
    on(this.#toolbar, "command", (command) => this.#command(command, true));
    on(this.#side, "change", () => this.#show());
    on(this.#side.people, "invite", () => this.#copyInvitation());
    on(this.#side.people, "end", () => this.#askToEnd());
    this.#side.chat.addEventListener(
      "write",
      (event) => connection.link.request(event.detail) || event.preventDefault(),
    );
    const desk = new HostDesk(connection, signal);
    desk.serve(this.#side.people, (person) => this.#side.open("chat", person));
    signal.addEventListener(
      "abort",
      listenForShortcuts((command, isDown) => this.#command(command, isDown)),
    );
  }

  #command(command, isDown) {
    const commands = {
      microphone: () => this.#controls.toggleMicrophone(),
      talk: () => this.#controls.holdToTalk(isDown),
      camera: () => this.options.hasVideo && this.#controls.toggleCamera(),
      screen: () => this.options.hasVideo && this.#controls.toggleScreen(),
      hand: () => this.#controls.toggleHand(),
      react: () => this.#openReactions(),
      chat: () => this.#side.toggle("chat"),
      people: () => this.#side.toggle("people"),
      more: () => this.#openMore(),
      devices: () => this.#openDevices(),
      leave: () => this.#askToLeave(),
      shortcuts: openHelp,
    };
    if (command in commands) commands[command]();
    else this.#own.obey(command);
  }

  #hear(message) {
    const { state } = this.connection;
    this.#tell(noticeOf(message, state));
    this.#prompting.hear(message);
    if (message.type === "reaction") this.#showReaction(message);
    if (message.type === "error" && message.of === "chat") this.#side.chat.restore();
  }

  #show() {
    const { state, media } = this.connection;
    const { options } = this;
    const self = selfIn(state);
    this.#subject.textContent = state.subject;
    this.#locked.hidden = !state.isLocked;
    this.#listening.hidden = state.control !== "MASTER" || self.has_floor;
    this.#lowData.hidden = !this.#own.view.isLowData;
    this.#showStage();
    this.#showAlone(state.participants.size === 1);
    this.#side.show(state, { canInvite: options.inviteUrl !== null });
    this.#selfView.show(media, self, state.speakers.includes(state.selfId));
    this.#sound.speaker = media.chosen.speaker;
    this.#prompting.show(state, { isSilent: media.isSilent, isListOpen: this.#side.opened === "people" });
    this.#toolbar.show({
      isSilent: media.isSilent,
      hasCamera: media.camera !== null,
      hasVideo: options.hasVideo,
      isSharing: media.screen !== null,
      isHandRaised: Boolean(self.hand),
      opened: this.#side.opened,
      peopleCount: state.participants.size,
      waitingCount: isHostIn(state) ? state.waiting.length : 0,
      unreadCount: this.#side.unread,
    });
  }

  #showStage() {
    this.#stage.show(this.connection.state, this.#own.view);
    this.#own.show(this.#stage.main);
  }

  #showReaction({ participant_id: id, reaction }) {
    const { state } = this.connection;
    const picture = id === state.selfId ? this.#selfView : this.#stage.tileOf(id);
    const name = state.participants.get(id)?.display_name;
    if (picture) showReaction(picture, reaction);
    else if (name) this.#tell(t("notice.reacts", { name, sign: SIGNS[reaction] ?? "" }));
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

  #openReactions() {
    const react = (reaction) => this.connection.link.request({ type: "react", reaction });
    // On a small screen its own button is not there.
    const opener = ["react", "more"]
      .map((name) => this.#toolbar.buttonOf(name))
      .find((button) => button.checkVisibility());
    openReactions(opener, react);
  }

  #openMore() {
    const { media } = this.connection;
    const { hasVideo } = this.options;
    const view = { hasVideo, isSharing: media.screen !== null, choices: this.#own.choices(hasVideo) };
    openMore(this.#toolbar.buttonOf("more"), view, (name) => this.#command(name, true));
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
    const isHost = isHostIn(this.connection.state);
    const answers = [{ value: "leave", label: t("leave.leave"), isDangerous: true, isFocused: true }];
    if (isHost) answers.push({ value: "end", label: t("leave.end") });
    const answer = await ask({ id: "leave", title: t("leave.title"), text: t("leave.text"), answers });
    if (answer === "leave") this.connection.leave();
    else if (answer === "end") this.connection.link.request({ type: "end" });
  }

  async #askToEnd() {
    const answers = [{ value: "end", label: t("leave.end"), isDangerous: true }];
    const answer = await ask({ id: "end", title: t("end.title"), text: t("end.text"), answers });
    if (answer === "end") this.connection.link.request({ type: "end" });
  }
}

customElements.define("conf-meeting", ConfMeeting);
