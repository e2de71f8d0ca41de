/**
 * Moments in the words of whoever reads them, and in the fields that they fill in: in their own time zone.
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

/**
 * @param {string|null} time RFC 3339
 * @returns {string} the value of an `<input type="datetime-local">`, to the minute
 */
export function toLocalField(time) {
  if (time === null) return "";
  const moment = new Date(time);
  const two = (number) => String(number).padStart(2, "0");
  const day = [String(moment.getFullYear()).padStart(4, "0"), two(moment.getMonth() + 1), two(moment.getDate())];
  return `${day.join("-")}T${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

/**
 * @param {string} value of an `<input type="datetime-local">`
 * @returns {string|null} RFC 3339 in UTC
 */
export function fromLocalField(value) {
  return value === "" ? null : new Date(value).toISOString();
}

/** @returns {string} the IANA name of the time zone of this browser */
export function ownTimeZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
