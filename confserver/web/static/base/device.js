/**
 * A random word by which a meeting knows this browser again, and nothing else does: it says nothing of the browser and
 * goes with the rest of what the browser remembers.
 */

import { inHex } from "./hex.js";
import { recall, remember } from "./storage.js";

const BYTES = 16;
const WORD = /^[0-9a-f]{32}$/;

/** @returns {string} the same each time, in a browser that remembers */
export function deviceMark() {
  const known = recall("device");
  if (WORD.test(known)) return known;
  const word = inHex(crypto.getRandomValues(new Uint8Array(BYTES)));
  remember("device", word);
  return word;
}
