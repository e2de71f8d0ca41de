/**
 * Logs a host in and goes on to where they wanted to be.
 */

import { element } from "../base/elements.js";
import { logIn, pathAfterLogin } from "../net/login.js";
import { t } from "../text/translate.js";

const page = document.getElementById("page");
const error = element("p", { class: "problem", role: "alert", dataset: { testid: "login-error" } });
const submit = element("button", { class: "button is-main", dataset: { testid: "log-in" } }, t("login.submit"));

function field(name, type, autocomplete) {
  const input = element("input", { id: name, name, type, autocomplete, required: true, dataset: { testid: name } });
  return element("div", { class: "field" }, element("label", { for: name }, t(`login.${name}`)), input);
}

function explain({ status, retryAfterS }) {
  if (status === 401) return t("login.wrong");
  if (status === 429) return t("login.slow", { seconds: Math.max(1, Math.ceil(retryAfterS)) });
  return t("login.unreachable");
}

async function tryToLogIn(event) {
  event.preventDefault();
  const entry = new FormData(event.target);
  submit.disabled = true;
  error.textContent = "";
  try {
    await logIn(entry.get("username").trim(), entry.get("password"));
    location.replace(pathAfterLogin(location.search));
  } catch (failure) {
    error.textContent = explain(failure);
    submit.disabled = false;
  }
}

document.title = t("title.login");
page.replaceChildren(
  element(
    "main",
    { class: "card narrow" },
    element("h1", {}, t("login.title")),
    element("p", { class: "hint" }, t("login.text")),
    element(
      "form",
      { class: "stack", on: { submit: tryToLogIn } },
      field("username", "text", "username"),
      field("password", "password", "current-password"),
      error,
      submit,
    ),
  ),
);
page.querySelector("input").focus();
