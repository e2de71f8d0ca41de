/**
 * Builds DOM elements from plain values. It never parses markup: whatever people typed becomes a text node.
 */

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [properties] `class`, `dataset`, `on` (listeners by event), booleans as bare
 *   attributes, everything else as an attribute; null and undefined are left out.
 * @param {...(Node|string|null)} children
 * @returns {HTMLElement}
 */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) setProperty(node, name, value);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

function setProperty(node, name, value) {
  if (value === null || value === undefined) return;
  if (name === "class") node.className = value;
  else if (name === "dataset") Object.assign(node.dataset, value);
  else if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  else if (typeof value === "boolean") node.toggleAttribute(name, value);
  else node.setAttribute(name, String(value));
}
