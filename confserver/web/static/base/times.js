/**
 * Moments in the words of whoever reads them: in their own time zone, which it names.
 */

const FORMAT = {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
  hour: "numeric",
  minute: "2-digit",
  timeZoneName: "short",
};

/**
 * @param {string} time RFC 3339
 * @returns {string}
 */
export function readable(time) {
  return new Date(time).toLocaleString(undefined, FORMAT);
}
