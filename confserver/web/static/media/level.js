/**
 * Measures how loud a track is, for meters and for noticing somebody who talks while muted.
 */

const EVERY_MS = 50;
const SILENCE_DB = -100;

let sharedContext = null;

function audioContext() {
  if (sharedContext === null) {
    const context = new AudioContext();
    // A page that nobody touched yet may have to wait with its first sound analysis.
    const resume = () => context.resume();
    for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, resume, { once: true });
    sharedContext = context;
  }
  return sharedContext;
}

/**
 * @param {MediaStreamTrack} track
 * @param {(levelDb: number) => void} onLevel root mean square in dB below full scale (-100..0), twenty times a second
 * @returns {() => void} stops measuring
 */
export function watchLevel(track, onLevel) {
  const context = audioContext();
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = context.createAnalyser();
  analyser.fftSize = 2048;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    onLevel(decibels(samples));
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    source.disconnect();
  };
}

function decibels(samples) {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  const level = 10 * Math.log10(energy / samples.length + Number.MIN_VALUE);
  return Math.max(SILENCE_DB, Math.min(0, level));
}
