/**
 * Opens microphones, cameras and screens, and says in one word why it could not. It keeps nothing.
 */

/** The picture that is asked of a camera; it gives what it has that comes nearest. */
const CAMERA_FORMAT = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 24, max: 30 } };
const VOICE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
/** Sound of a film, a talk or an instrument, which the filters for voices would spoil. */
const UNFILTERED = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

const REASONS = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "absent",
  OverconstrainedError: "absent",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** `reason` is "refused", "absent", "busy" or "failed". */
export class DeviceError extends Error {
  /** @param {string} reason */
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** Whether this browser can tell a page which loudspeaker to use. */
export const canChooseSpeaker = "setSinkId" in HTMLMediaElement.prototype;

/** Whether this browser can share a screen; telephones cannot. */
export const canShareScreen = Boolean(navigator.mediaDevices?.getDisplayMedia);

/**
 * @param {string} deviceId "" for the usual one
 * @param {boolean} isOriginal without the filters for voices
 * @returns {Promise<MediaStreamTrack>}
 * @throws {DeviceError}
 */
export async function openMicrophone(deviceId, isOriginal) {
  const stream = await open({ audio: withDevice(isOriginal ? UNFILTERED : VOICE, deviceId) });
  return stream.getAudioTracks()[0];
}

/**
 * @param {string} deviceId "" for the usual one
 * @returns {Promise<MediaStreamTrack>}
 * @throws {DeviceError}
 */
export async function openCamera(deviceId) {
  const stream = await open({ video: withDevice(CAMERA_FORMAT, deviceId) });
  return stream.getVideoTracks()[0];
}

/**
 * @returns {Promise<{picture: MediaStreamTrack, sound: MediaStreamTrack|null}>}
 * @throws {DeviceError} "refused" also when the person closes the browser's dialog
 */
export async function openScreen() {
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: 15 }, audio: UNFILTERED });
    return { picture: stream.getVideoTracks()[0], sound: stream.getAudioTracks()[0] ?? null };
  } catch (error) {
    throw new DeviceError(REASONS[error.name] ?? "failed");
  }
}

/**
 * @returns {Promise<{microphone: MediaDeviceInfo[], camera: MediaDeviceInfo[], speaker: MediaDeviceInfo[]}>}
 */
export async function listDevices() {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  const ofKind = (kind) => devices.filter((device) => device.kind === kind && device.deviceId !== "");
  return { microphone: ofKind("audioinput"), camera: ofKind("videoinput"), speaker: ofKind("audiooutput") };
}

async function open(constraints) {
  // Outside a secure context there is no `mediaDevices` at all.
  if (!navigator.mediaDevices) throw new DeviceError("absent");
  try {
    return await navigator.mediaDevices.getUserMedia(constraints);
  } catch (error) {
    throw new DeviceError(REASONS[error.name] ?? "failed");
  }
}

function withDevice(constraints, deviceId) {
  // A preference, not a demand: a remembered device may have been unplugged since.
  return deviceId === "" ? constraints : { ...constraints, deviceId: { ideal: deviceId } };
}
