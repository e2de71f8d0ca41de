/**
 * What this browser remembers for its owner between meetings: a name and chosen devices. Never a PIN or a key. A
 * browser that forbids storage simply forgets.
 */

const PREFIX = "confserver.";

/**
 * @param {"display_name"|"microphone"|"camera"|"speaker"} name
 * @returns {string} empty when nothing is remembered
 */
export function recall(name) {
  try {
    return localStorage.getItem(PREFIX + name) ?? "";
  } catch {
    return "";
  }
}

/**
 * @param {"display_name"|"microphone"|"camera"|"speaker"} name
 * @param {string} value
 */
export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // Storage is full or forbidden: the next visit asks again, which is all it costs.
  }
}
