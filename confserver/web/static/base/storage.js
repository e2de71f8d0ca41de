/**
 * What this browser remembers for its owner: a name, what was chosen, one's seats. Never a PIN or an access key. A
 * browser that forbids storage simply forgets.
 */

const PREFIX = "confserver.";

/** @typedef {"display_name"|"microphone"|"camera"|"speaker"|"seats"|"device"|"speaker_view"|"low_data"|"original_sound"
 *   |"domain"|"login"} Name of what is remembered */
/** @typedef {"localStorage"|"sessionStorage"} Area for all tabs and days, or for this tab only */

/**
 * @param {Name} name
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
 * @param {Name} name
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
