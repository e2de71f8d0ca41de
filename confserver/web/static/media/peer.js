/**
 * The one peer connection of docs/protocol.md: its m-lines in their order, offers, and which of one's own tracks goes
 * up on which. Whose pictures come down is the matter of slots.
 */

import { guard } from "./gate.js";

/** One full layer: the server forwards that layer to everybody, lower ones would only cost uplink. */
const CAMERA_BITRATE = 1_200_000;
const SCREEN_BITRATE = 1_500_000;

/** @typedef {{mid: string, receiver: RTCRtpReceiver, announce: (generation: number) => void}} SlotLine */

/**
 * Events: `statechange` (detail: the connection state), `slots` (detail: SlotLine[], after each negotiation).
 */
export class Peer extends EventTarget {
  #connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  #uplinks = {};
  #slots = [];
  #negotiating = Promise.resolve();
  /** The server is to forget the peer connection that was before. */
  #isNew = true;

  /** @param {number} cells slots to offer */
  constructor(cells) {
    super();
    const connection = this.#connection;
    const up = (kind, direction, encoding = {}) =>
      connection.addTransceiver(kind, { direction, sendEncodings: [encoding] });
    this.#uplinks = {
      audio: up("audio", "sendrecv"),
      camera: up("video", "sendonly", { maxBitrate: CAMERA_BITRATE }),
      screen: up("video", "sendonly", { maxBitrate: SCREEN_BITRATE }),
      screen_audio: up("audio", "sendonly"),
    };
    this.#addSlots(cells);
    connection.addEventListener("connectionstatechange", () => this.#tellState());
  }

  /** The mix of everybody else. */
  get sound() {
    return this.#uplinks.audio.receiver.track;
  }

  /** Whether it may go on after the page was cut off from the server for a while. */
  get mayContinue() {
    return !["new", "failed", "closed"].includes(this.#connection.connectionState);
  }

  /** The next negotiation seeks another path for the same media: sound and pictures go on where they are. */
  restartIce() {
    this.#connection.restartIce();
  }

  /**
   * Offers at once, without waiting for candidates, and takes the answer; one negotiation after the other.
   *
   * @param {import("../net/room_link.js").RoomLink} link
   * @returns {Promise<void>}
   * @throws {import("../net/room_link.js").RequestFailed}
   */
  negotiate(link) {
    this.#negotiating = this.#negotiating.catch(() => undefined).then(() => this.#negotiate(link));
    return this.#negotiating;
  }

  /**
   * A room whose layout has grown needs more slots; fewer are a matter of the server's choice only, but for none at
   * all: then nothing is to come.
   *
   * @param {number} cells
   * @returns {boolean} whether a new negotiation is needed
   */
  resizeTo(cells) {
    const missing = cells - this.#slots.length;
    this.#addSlots(missing);
    if (cells === 0) for (const { transceiver } of this.#slots.splice(0)) transceiver.stop();
    return missing > 0 || (cells === 0 && missing < 0);
  }

  /**
   * Sends these tracks from now on, without negotiation.
   *
   * @param {Record<"audio"|"camera"|"screen"|"screen_audio", MediaStreamTrack|null>} tracks
   */
  send(tracks) {
    for (const [purpose, transceiver] of Object.entries(this.#uplinks)) {
      const track = tracks[purpose];
      if (transceiver.sender.track === track) continue;
      if (purpose === "screen" && track) track.contentHint = "detail";
      transceiver.sender.replaceTrack(track);
    }
  }

  /** @returns {Promise<number>} of media and reports so far; checks of the path do not count */
  async countBytes() {
    // One line's report tells of the path that all share, and costs less than that of the whole connection.
    const report = await this.#uplinks.audio.receiver.getStats();
    const pairs = [...report.values()].filter(({ type }) => type === "candidate-pair");
    return pairs.reduce((sum, { bytesReceived }) => sum + (bytesReceived ?? 0), 0);
  }

  close() {
    this.#connection.close();
  }

  async #negotiate(link) {
    await this.#connection.setLocalDescription();
    const answer = await link.offer(this.#connection.localDescription.sdp, this.#lines(), this.#isNew);
    this.#isNew = false;
    await this.#connection.setRemoteDescription({ type: "answer", sdp: answer });
    const slots = this.#slots.map(({ transceiver: { mid, receiver }, announce }) => ({ mid, receiver, announce }));
    this.dispatchEvent(new CustomEvent("slots", { detail: slots }));
    // Media that never stopped make no event of their own.
    this.#tellState();
  }

  #tellState() {
    this.dispatchEvent(new CustomEvent("statechange", { detail: this.#connection.connectionState }));
  }

  #addSlots(count) {
    for (let added = 0; added < count; added++) {
      const transceiver = this.#connection.addTransceiver("video", { direction: "recvonly" });
      this.#slots.push({ transceiver, announce: guard(transceiver.receiver) });
    }
  }

  #lines() {
    const uplinks = Object.entries(this.#uplinks).map(([purpose, { mid }]) => [mid, purpose]);
    return Object.fromEntries([...uplinks, ...this.#slots.map(({ transceiver }) => [transceiver.mid, "slot"])]);
  }
}
