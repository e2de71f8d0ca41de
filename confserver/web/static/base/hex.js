/**
 * Bytes as text.
 */

/**
 * @param {Uint8Array} bytes
 * @returns {string} two lower-case digits for each
 */
export function inHex(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
