/**
 * What the server plays to those who wait: one line of sound towards this page, and nothing from it. It plays nothing
 * itself.
 */

/** So long before it asks again for what did not come. */
const AGAIN_AFTER_MS = 3000;
const BROKEN = new Set(["failed", "closed"]);

/**
 * @param {import("../net/room_link.js").RoomLink} link on which one waits
 * @param {(track: MediaStreamTrack) => void} onTrack
 * @param {AbortSignal} signal ends it
 */
export function hearWaitingRoom(link, onTrack, signal) {
  let connection = null;
  let later = 0;
  const begin = async () => {
    clearTimeout(later);
    connection?.close();
    const ours = (connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" }));
    const { receiver } = ours.addTransceiver("audio", { direction: "recvonly" });
    ours.addEventListener("connectionstatechange", () => BROKEN.has(ours.connectionState) && askAgain());
    try {
      await ours.setLocalDescription();
      const lines = { [ours.getTransceivers()[0].mid]: "audio" };
      const sdp = await link.offer(ours.localDescription.sdp, lines, true);
      await ours.setRemoteDescription({ type: "answer", sdp });
      if (ours === connection && !signal.aborted) onTrack(receiver.track);
    } catch {
      // Music is no reason to worry anybody; it is asked for again as long as somebody waits.
      if (ours === connection) askAgain();
    }
  };
  const askAgain = () => {
    clearTimeout(later);
    if (!signal.aborted) later = setTimeout(begin, AGAIN_AFTER_MS);
  };
  link.addEventListener("message", ({ detail }) => detail.type === "media_lost" && askAgain(), { signal });
  signal.addEventListener("abort", () => {
    clearTimeout(later);
    connection.close();
  });
  begin();
}
