/**
 * Notices that this computer is on another network, or has slept: connections from before are dead, and TCP would take
 * its time to say so. It tries nothing out.
 */

/**
 * @param {() => void} onChange
 * @param {AbortSignal} signal ends the watch
 */
export function watchPath(onChange, signal) {
  addEventListener("online", onChange, { signal });
  // A page that comes back from the browser's history finds its connections closed.
  addEventListener("pageshow", ({ persisted }) => persisted && onChange(), { signal });
  const { connection } = navigator;
  let type = connection?.type;
  const compare = () => {
    // The event tells of every new estimate of the speed, too.
    if (connection.type === type) return;
    type = connection.type;
    if (type !== "none") onChange();
  };
  connection?.addEventListener("change", compare, { signal });
}
