/**
 * Notices that nothing comes any more from a server that sends something twice a second at least, and when something
 * does again. Browsers take 3 to 30 s to find out. It tries nothing out.
 */

const LOOK_EVERY_MS = 250;
/** So many looks in a row without a byte. Looks are counted and not time: a page that was held up has not listened. */
const LOOKS = 4;
/** So often at most, since on a network that merely loses a lot another try is no better than the one before. */
const MOST = 3;
const MOST_WITHIN_MS = 30_000;

/**
 * @param {() => Promise<number>} countBytes received so far; fewer than before if it has begun anew
 * @param {() => void} onSilence
 * @param {() => void} onSound follows a silence
 * @param {AbortSignal} signal ends the watch
 */
export function watchSilence(countBytes, onSilence, onSound, signal) {
  let before = 0;
  let emptyLooks = 0;
  let isSilent = true;
  let toldAt = [];
  const look = async () => {
    if (signal.aborted) return;
    const bytes = await countBytes();
    emptyLooks = bytes > before ? 0 : emptyLooks + 1;
    before = bytes;
    if (signal.aborted) return;
    const now = performance.now();
    toldAt = toldAt.filter((at) => now - at < MOST_WITHIN_MS);
    if (isSilent && emptyLooks === 0) {
      isSilent = false;
      onSound();
    } else if (!isSilent && emptyLooks >= LOOKS && toldAt.length < MOST) {
      isSilent = true;
      toldAt.push(now);
      onSilence();
    }
    setTimeout(look, LOOK_EVERY_MS);
  };
  look();
}
