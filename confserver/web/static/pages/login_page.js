/**
 * Logs a host in and goes on to where they wanted to be. The browser remembers of which organisation they are, never
 * their password.
 */

import { element } from "../base/elements.js";
import { recall, remember } from "../base/storage.js";
import { logIn, pathAfterLogin } from "../net/login.js";
import { t } from "../text/translate.js";

const page = document.getElementById("page");
const error = element("p", { class: "problem", role: "alert", dataset: { testid: "login-error" } });
const submit = element("button", { class: "button is-main", dataset: { testid: "log-in" } }, t("login.submit"));

function field(name, attributes, hint = null) {
  const input = element("input", { id: name, name, dataset: { testid: name }, ...attributes });
  return element("div", { class: "field" }, element("label", { for: name }, t(`login.${name}`)), input, hint);
}

function otherOrganisation() {
  const domain = recall("domain");
  const hint = element("p", { class: "hint", id: "domain-hint" }, t("login.domain_hint"));
  const look = { value: domain, maxlength: 255, autocapitalize: "none", spellcheck: "false", autocomplete: "off" };
  return element(
    "details",
    { class: "disclosure", open: domain !== "", dataset: { testid: "other-organisation" } },
    element("summary", {}, t("login.other")),
    field("domain", { type: "text", "aria-describedby": "domain-hint", ...look }, hint),
  );
}

function explain({ status, retryAfterS }, domain) {
  if (status === 401) return t(domain === "" ? "login.wrong" : "login.wrong_domain");
  if (status === 429) return t("login.slow", { seconds: Math.max(1, Math.ceil(retryAfterS)) });
  return t("login.unreachable");
}

async function tryToLogIn(event) {
  event.preventDefault();
  const entry = new FormData(event.target);
  const domain = entry.get("domain").trim();
  submit.disabled = true;
  error.textContent = "";
  try {
    await logIn(entry.get("username").trim(), entry.get("password"), domain);
    remember("domain", domain);
    location.replace(pathAfterLogin(location.search));
  } catch (failure) {
    error.textContent = explain(failure, domain);
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
      field("username", { type: "text", autocomplete: "username", required: true }),
      field("password", { type: "password", autocomplete: "current-password", required: true }),
      otherOrganisation(),
      error,
      submit,
    ),
  ),
);
page.querySelector("input").focus();
