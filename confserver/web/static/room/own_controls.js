/**
 * What a person does to their own microphone, camera and screen, and the word they should get when it does not go as
 * they wished.
 */

import { MutedTalk } from "../media/muted_talk.js";
import { watchLevel } from "../media/level.js";
import { selfIn } from "./room_state.js";

/** Events: `word` (detail: a key of the text catalogue). */
export class OwnControls extends EventTarget {
  #mutedTalk = new MutedTalk();
  #heard = null;
  #stopHearing = null;
  #isHeldToTalk = false;

  /** @param {import("./room_connection.js").RoomConnection} connection seated */
  constructor(connection) {
    super();
    const { media } = connection;
    this.connection = connection;
    this.media = media;
    media.addEventListener("change", () => this.#followMicrophone());
    media.addEventListener("unplugged", ({ detail }) => this.#say(`own.${detail}_unplugged`));
    this.#followMicrophone();
  }

  /** Mutes, or opens the microphone again; one that is not there is tried once more. */
  async toggleMicrophone() {
    const { media } = this;
    if (media.isMutedByHost) return this.#say("own.muted_by_host");
    if (media.isMuted && !media.microphone) await media.openMicrophone();
    if (media.isMuted && !media.microphone) return this.#say(`devices.microphone.${media.problems.microphone}`);
    media.isMuted = !media.isMuted;
  }

  /** @param {boolean} isHeld the key to talk is down */
  holdToTalk(isHeld) {
    const { media } = this;
    if (isHeld && media.isMutedByHost) return this.#say("own.muted_by_host");
    if (isHeld === this.#isHeldToTalk || (isHeld && (!media.isMuted || !media.microphone))) return;
    this.#isHeldToTalk = isHeld;
    media.isMuted = !isHeld;
  }

  /** Opens the camera or stops it. */
  async toggleCamera() {
    const { media } = this;
    if (media.camera) return media.closeCamera();
    if (selfIn(this.connection.state).is_camera_stopped) return this.#say("own.camera_stopped");
    await media.openCamera();
    if (!media.camera && media.problems.camera) this.#say(`devices.camera.${media.problems.camera}`);
  }

  /** Shares a screen or stops it. */
  async toggleScreen() {
    const { media } = this;
    if (media.screen) return media.closeScreen();
    // Closing the browser's dialog is an answer, not a fault.
    await media.openScreen().catch(({ reason }) => reason !== "refused" && this.#say("own.screen_failed"));
  }

  /** Asks for the word, or no longer. */
  toggleHand() {
    const { link, state } = this.connection;
    link.request({ type: "hand", is_raised: !selfIn(state).hand });
  }

  /** Stops listening to the microphone. */
  close() {
    this.#stopHearing?.();
    this.#stopHearing = null;
  }

  #followMicrophone() {
    const { microphone, isSilent } = this.media;
    if (!isSilent) this.#mutedTalk.reset();
    if (microphone === this.#heard) return;
    this.#heard = microphone;
    this.#stopHearing?.();
    this.#stopHearing = microphone && watchLevel(microphone, (levelDb) => this.#hear(levelDb));
  }

  #hear(levelDb) {
    if (this.media.isSilent && this.#mutedTalk.hear(levelDb, performance.now() / 1000)) this.#say("own.talks_muted");
  }

  #say(text) {
    this.dispatchEvent(new CustomEvent("word", { detail: text }));
  }
}
