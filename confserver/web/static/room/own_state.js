/**
 * Follows what hosts do to one's own microphone and camera. A host's lasting mute is `isMutedByHost`; everything milder
 * is done here, as if by oneself, so that one can undo it.
 */

import { selfIn } from "./room_state.js";

/** So long after one's own wish the server may not have heard of it yet. */
const SETTLED_MS = 2000;
const AWAY = new Set(["rejoining", "awaiting"]);

/**
 * @param {import("./room_connection.js").RoomConnection} connection seated
 * @param {() => void} onMuted one was muted, and may undo it
 * @param {AbortSignal} signal ends it
 */
export function followHosts(connection, onMuted, signal) {
  const { media } = connection;
  let wasMuted = media.isMuted;
  /** When the server could hear one's own newest wish for the first time; infinite until then. */
  let toldAt = -Infinity;
  let later = 0;

  const mute = () => {
    media.isMuted = true;
    onMuted();
  };
  const look = () => {
    clearTimeout(later);
    const self = selfIn(connection.state);
    if (self.is_camera_stopped && media.camera) media.closeCamera();
    if (!self.is_muted || self.is_muted_by_host || media.isMuted || toldAt === Infinity) return;
    const waitMs = toldAt + SETTLED_MS - performance.now();
    if (waitMs > 0) later = setTimeout(look, waitMs);
    else mute();
  };
  const noteWish = () => {
    if (media.isMuted !== wasMuted) toldAt = AWAY.has(connection.phase) ? Infinity : performance.now();
    wasMuted = media.isMuted;
    look();
  };
  const noteReturn = () => {
    if (toldAt === Infinity && !AWAY.has(connection.phase)) toldAt = performance.now();
    look();
  };

  connection.addEventListener("state", look, { signal });
  connection.addEventListener("phase", noteReturn, { signal });
  media.addEventListener("change", noteWish, { signal });
  look();
  signal.addEventListener("abort", () => clearTimeout(later));
}
