/**
 * Plays two soft notes through a chosen loudspeaker, so that people know it works before they need it.
 */

import { canChooseSpeaker } from "./devices.js";

const NOTES_HZ = [523.25, 783.99];
const NOTE_S = 0.35;
const LOUDNESS = 0.2;

/**
 * @param {string} speakerId "" for the usual one
 * @returns {Promise<void>} settles when the sound is over
 */
export async function playTestSound(speakerId) {
  const context = new AudioContext();
  const destination = context.createMediaStreamDestination();
  const player = new Audio();
  player.srcObject = destination.stream;
  if (canChooseSpeaker && speakerId !== "") await player.setSinkId(speakerId).catch(() => undefined);
  await player.play();
  const last = NOTES_HZ.map((frequency, index) => note(context, destination, frequency, index * NOTE_S)).at(-1);
  await new Promise((resolve) => last.addEventListener("ended", resolve));
  player.srcObject = null;
  await context.close();
}

function note(context, destination, frequency, delay) {
  const start = context.currentTime + delay;
  const oscillator = new OscillatorNode(context, { frequency });
  const envelope = new GainNode(context, { gain: 0 });
  envelope.gain.setValueAtTime(0, start);
  envelope.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02);
  envelope.gain.exponentialRampToValueAtTime(0.001, start + NOTE_S);
  oscillator.connect(envelope).connect(destination);
  oscillator.start(start);
  oscillator.stop(start + NOTE_S);
  return oscillator;
}
