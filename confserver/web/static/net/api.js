/**
 * JSON requests to the REST API. It knows nothing of logins beyond the token that it is handed.
 */

/**
 * An answer other than 2xx, or none at all (`status` 0). `code` is the API's word for it, `faults` are all that is
 * wrong: `detail` is the field concerned, or null.
 */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {{code: string, message: string, detail?: string|null}[]} faults at least one
   * @param {number} retryAfterS
   */
  constructor(status, faults, retryAfterS = 0) {
    super(faults[0].message);
    this.status = status;
    this.code = faults[0].code;
    this.faults = faults;
    this.retryAfterS = retryAfterS;
  }
}

/**
 * @param {"GET"|"POST"} method
 * @param {string} path below `/api`, its parts already encoded
 * @param {{body?: object, token?: string|null}} [options]
 * @returns {Promise<any>} the decoded body, null when there is none
 * @throws {ApiError}
 */
export async function request(method, path, { body, token } = {}) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
  const response = await fetch(`/api${path}`, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: "same-origin",
    cache: "no-store",
  }).catch(() => {
    throw new ApiError(0, [{ code: "UNREACHABLE", message: "the server did not answer" }]);
  });
  const content = await response.json().catch(() => null);
  if (response.ok) return content;
  const retryAfterS = Number(response.headers.get("Retry-After")) || 0;
  throw new ApiError(response.status, content?.errors ?? [{ code: "UNKNOWN", message: "" }], retryAfterS);
}

/**
 * What a guest may know before entering (docs/protocol.md, "Before the WebSocket").
 *
 * @param {string} accessKey
 * @returns {Promise<{subject: string, state: string, pin_required: boolean, host_pin: boolean, mode: string, host_name:
 *   string|null, starts_at: string|null, waiting_room: boolean}>}
 * @throws {ApiError}
 */
export function lookUpInvitation(accessKey) {
  return request("GET", `/join/${encodeURIComponent(accessKey)}`);
}
