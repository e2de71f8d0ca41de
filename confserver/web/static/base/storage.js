/**
 * What this browser remembers for its owner: a name, chosen devices, one's seats. Never a PIN or an access key. A browser
 * that forbids storage simply forgets.
 */

const PREFIX = "confserver.";

/** @typedef {"localStorage"|"sessionStorage"} Area for all tabs and days, or for this tab only */

/**
 * @param {"display_name"|"microphone"|"camera"|"speaker"|"seats"} name
 * @param {Area} [area]
 * @returns {string} empty when nothing is remembered
 */
export function recall(name, area = "localStorage") {
  try {
    return globalThis[area].getItem(PREFIX + name) ?? "";
  } catch {
    return "";
  }
}

/**
 * @param {"display_name"|"microphone"|"camera"|"speaker"|"seats"} name
 * @param {string} value
 * @param {Area} [area]
 */
export function remember(name, value, area = "localStorage") {
  try {
    globalThis[area].setItem(PREFIX + name, value);
  } catch {
    // Storage is full or forbidden: the next visit asks again, which is all it costs.
  }
}
