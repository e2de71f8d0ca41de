/**
 * A person's own microphone, camera and screen: what is open now, what is chosen, and why something is not there. It
 * does not send anything; whoever does reads `tracks` after each `change`.
 */

import { recall, remember } from "../base/storage.js";
import { openCamera, openMicrophone, openScreen } from "./devices.js";

/**
 * Events: `change` (anything about it changed), `unplugged` (detail: "microphone" or "camera"), `screenended`.
 */
export class LocalMedia extends EventTarget {
  /** @type {{microphone: string|null, camera: string|null}} why a wanted device is not open */
  problems = { microphone: null, camera: null };
  /** @type {{microphone: string, camera: string, speaker: string}} device ids, "" for the usual one */
  chosen = { microphone: recall("microphone"), camera: recall("camera"), speaker: recall("speaker") };
  /** The microphone as it is heard, muted or not: for meters. */
  microphone = null;
  camera = null;
  /** Whether the microphone is heard as it is, for music, or filtered, for voices. */
  isOriginalSound = recall("original_sound") === "on";
  screen = null;
  screenSound = null;
  /** What leaves the house: a copy of the microphone that is silenced while muted. */
  #voice = null;
  #isMuted = false;
  #isMutedByHost = false;
  /** The newest wish per device: what an older one opens too late is closed again. */
  #wishes = { microphone: 0, camera: 0 };

  /** @returns {{audio: ?MediaStreamTrack, camera: ?MediaStreamTrack, screen: ?MediaStreamTrack,
   *   screen_audio: ?MediaStreamTrack}} by the purposes of docs/protocol.md */
  get tracks() {
    return { audio: this.#voice, camera: this.camera, screen: this.screen, screen_audio: this.screenSound };
  }

  /** Muted by oneself; undoing it is one's own matter. */
  get isMuted() {
    return this.#isMuted;
  }

  set isMuted(isMuted) {
    this.#isMuted = isMuted;
    this.#applyMute();
  }

  /** Muted by a host; only a host undoes it. */
  get isMutedByHost() {
    return this.#isMutedByHost;
  }

  set isMutedByHost(isMutedByHost) {
    if (isMutedByHost === this.#isMutedByHost) return;
    this.#isMutedByHost = isMutedByHost;
    this.#applyMute();
  }

  /** Nothing of the microphone leaves this page. */
  get isSilent() {
    return this.#isMuted || this.#isMutedByHost;
  }

  /** Opens the chosen microphone, or another one in its place. Failure mutes and is told by `problems`, not thrown. */
  async openMicrophone(deviceId = this.chosen.microphone) {
    this.#choose("microphone", deviceId);
    this.#closeMicrophone();
    const isOpen = await this.#tryOpen("microphone", (id) => openMicrophone(id, this.isOriginalSound), deviceId);
    if (!isOpen) return;
    this.#voice = this.microphone?.clone() ?? null;
    if (this.#voice && this.isOriginalSound) this.#voice.contentHint = "music";
    if (this.microphone === null) this.#isMuted = true;
    this.#applyMute();
  }

  /**
   * Takes the filters off the open microphone, or puts them on again.
   *
   * @param {boolean} isOriginalSound
   */
  async chooseOriginalSound(isOriginalSound) {
    this.isOriginalSound = isOriginalSound;
    remember("original_sound", isOriginalSound ? "on" : "");
    // Not every browser changes the filters of an open track.
    if (this.microphone) await this.openMicrophone(this.chosen.microphone);
  }

  /** Opens the chosen camera, or another one in its place. Failure is told by `problems`, not thrown. */
  async openCamera(deviceId = this.chosen.camera) {
    this.#choose("camera", deviceId);
    this.camera?.stop();
    const isOpen = await this.#tryOpen("camera", openCamera, deviceId);
    if (isOpen) this.#changed();
  }

  /** Stops the camera, so that its light goes out. */
  closeCamera() {
    this.#wishes.camera++;
    this.camera?.stop();
    this.camera = null;
    this.#changed();
  }

  /** @param {string} deviceId */
  chooseSpeaker(deviceId) {
    this.#choose("speaker", deviceId);
    this.#changed();
  }

  /** @throws {DeviceError} */
  async openScreen() {
    const { picture, sound } = await openScreen();
    this.screen = picture;
    this.screenSound = sound;
    picture.addEventListener("ended", () => {
      this.closeScreen();
      this.dispatchEvent(new Event("screenended"));
    });
    this.#changed();
  }

  closeScreen() {
    this.screen?.stop();
    this.screenSound?.stop();
    this.screen = null;
    this.screenSound = null;
    this.#changed();
  }

  /** Gives every device back. */
  close() {
    this.#closeMicrophone();
    this.closeCamera();
    this.closeScreen();
  }

  /** Resolves to false when somebody wished otherwise meanwhile. */
  async #tryOpen(kind, open, deviceId) {
    const wish = ++this.#wishes[kind];
    let track = null;
    let problem = null;
    try {
      track = await open(deviceId);
    } catch (error) {
      problem = error.reason;
    }
    if (wish !== this.#wishes[kind]) {
      track?.stop();
      return false;
    }
    track?.addEventListener("ended", () => this.#unplugged(kind, track));
    this.problems[kind] = problem;
    this[kind] = track;
    return true;
  }

  #applyMute() {
    if (this.#voice) this.#voice.enabled = !this.isSilent;
    this.#changed();
  }

  #unplugged(kind, track) {
    if (this[kind] !== track) return;
    if (kind === "microphone") {
      this.#closeMicrophone();
      this.#isMuted = true;
    } else {
      this.camera = null;
    }
    this.problems[kind] = "absent";
    this.#changed();
    this.dispatchEvent(new CustomEvent("unplugged", { detail: kind }));
  }

  #closeMicrophone() {
    this.#wishes.microphone++;
    this.microphone?.stop();
    this.#voice?.stop();
    this.microphone = null;
    this.#voice = null;
  }

  #choose(kind, deviceId) {
    this.chosen[kind] = deviceId;
    remember(kind, deviceId);
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
