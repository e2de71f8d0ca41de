/**
 * When to try again after the connection was lost: growing pauses with jitter, so that a restarted server is not met by
 * everybody in the same instant. The longest is short enough that everybody is back within seconds of its serving
 * again.
 */

const FIRST_S = 0.5;
const LONGEST_S = 1.5;
const GIVE_UP_AFTER_S = 180;

/**
 * @param {() => number} [random] in [0, 1)
 * @yields {number} the seconds to wait before the next try; ends when trying on would be a promise nobody keeps
 */
export function* backoff(random = Math.random) {
  let waited = 0;
  for (let pause = FIRST_S; waited < GIVE_UP_AFTER_S; pause = Math.min(pause * 2, LONGEST_S)) {
    const jittered = pause * (0.5 + random() / 2);
    waited += jittered;
    yield jittered;
  }
}

/**
 * @param {number} seconds
 * @param {AbortSignal} signal
 * @returns {Promise<void>} rejects as soon as the signal is aborted
 */
export function sleep(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    const wake = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    signal.addEventListener("abort", wake, { once: true });
  });
}
