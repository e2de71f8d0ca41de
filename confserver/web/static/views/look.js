/**
 * Dresses an element as a tenant wishes. Whatever colours they chose, what is written on them can be read: its colour
 * is computed here. WCAG 2.2, relative luminance and contrast ratio (success criterion 1.4.3).
 */

/** Anything lighter would leave greys on which neither is read well. */
const DARK = "#000000";
const LIGHT = "#ffffff";

/**
 * Sets the custom properties `--look-ground`, on which nothing is to be written, `--look-accent` and `--on-look-accent`
 * for what stands on that; those of colours that are null are not set.
 *
 * @param {HTMLElement} node
 * @param {{background: string|null, accent: string|null}} look colours as `#rrggbb`
 */
export function dress(node, { background, accent }) {
  if (background !== null) node.style.setProperty("--look-ground", background);
  if (accent === null) return;
  node.style.setProperty("--look-accent", accent);
  node.style.setProperty("--on-look-accent", readableOn(accent));
}

/**
 * @param {string} colour `#rrggbb`
 * @returns {string} of black and white the one that stands out more: by 4.58 : 1 at least, on any colour
 */
export function readableOn(colour) {
  return contrast(colour, DARK) >= contrast(colour, LIGHT) ? DARK : LIGHT;
}

/**
 * @param {string} one
 * @param {string} other
 * @returns {number} 1 to 21
 */
export function contrast(one, other) {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => linear(Number.parseInt(colour.slice(at, at + 2), 16) / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(value) {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
