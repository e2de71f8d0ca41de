/**
 * When to try again after the connection was lost: doubling pauses with jitter, so that a restarted server is not
 * met by everybody in the same second.
 */

const FIRST_S = 0.5;
const LONGEST_S = 8;
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
