/**
 * Looks up what the pages say. Another language is another catalogue with the same keys.
 */

import { en } from "./en.js";

/**
 * @param {keyof typeof en} key
 * @param {Record<string, string|number>} [values] fill the `{name}` places of the text
 * @returns {string}
 */
export function t(key, values = {}) {
  const text = en[key];
  if (text === undefined) throw new Error(`no text for ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}
