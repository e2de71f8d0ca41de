/**
 * A host's login of this tab: the access token, renewed before it expires. It is kept for the tab only, so that closing
 * it is enough to be logged out on a shared computer.
 */

import { recall, remember } from "../base/storage.js";
import { ApiError, request } from "./api.js";

/** Renewed this long before the end, so that no request carries a token that expires on its way. */
const MARGIN_S = 60;

/**
 * @param {string} username
 * @param {string} password
 * @param {string} domain of the tenant; empty for the server's own
 * @throws {ApiError}
 */
export async function logIn(username, password, domain) {
  const body = { username, password, ...(domain === "" ? {} : { domain }) };
  keep(await request("POST", "/login", { body }));
}

/** Ends the session on the server as well; a server that cannot be reached lets it expire. */
export async function logOut() {
  const login = stored();
  forget();
  if (login) await request("POST", "/logout", { body: {}, token: login.accessToken }).catch(() => undefined);
}

/**
 * @returns {Promise<string|null>} an access token that is good for a while, null without a login
 * @throws {ApiError} the server could not be reached
 */
export async function accessToken() {
  const login = stored();
  if (!login) return null;
  if (Date.now() / 1000 < login.expiresAt - MARGIN_S) return login.accessToken;
  try {
    keep(await request("POST", "/login/refresh", { body: { refresh_token: login.refreshToken } }));
    return stored().accessToken;
  } catch (error) {
    if (error.status === 0 || error.status >= 500) throw error;
    forget();
    return null;
  }
}

/**
 * @returns {Promise<string|null>} the same for whom a login is a help and no need: null also where it cannot be renewed
 */
export async function loginIfAny() {
  try {
    return await accessToken();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return null;
  }
}

/**
 * A request with the login; without one the browser goes to the login page and comes back afterwards.
 *
 * @param {"GET"|"POST"} method
 * @param {string} path below `/api`
 * @param {object} [body]
 * @returns {Promise<any>}
 * @throws {ApiError}
 */
export async function authorized(method, path, body) {
  const token = await accessToken();
  if (!token) return goToLogin();
  try {
    return await request(method, path, { body, token });
  } catch (error) {
    if (error.status !== 401) throw error;
    forget();
    return goToLogin();
  }
}

/** Leaves for the login page; the promise never settles, since the page is on its way out. */
export function goToLogin() {
  location.replace(`/login?next=${encodeURIComponent(location.pathname)}`);
  return new Promise(() => undefined);
}

/**
 * @param {string} search the query of the login page
 * @returns {string} a path of this server, whatever the link said
 */
export function pathAfterLogin(search) {
  const wanted = new URL(new URLSearchParams(search).get("next") ?? "/", location.origin);
  return wanted.origin === location.origin ? wanted.pathname : "/";
}

function stored() {
  return JSON.parse(recall("login", "sessionStorage") || "null");
}

function forget() {
  remember("login", "", "sessionStorage");
}

function keep({ access_token: token, refresh_token: refreshToken, expires_in: expiresIn }) {
  const login = { accessToken: token, refreshToken, expiresAt: Date.now() / 1000 + expiresIn };
  remember("login", JSON.stringify(login), "sessionStorage");
}
