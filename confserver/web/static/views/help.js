/**
 * The dialog that lists the keyboard shortcuts.
 */

import { element } from "../base/elements.js";
import { SHORTCUTS } from "../room/shortcuts.js";
import { t } from "../text/translate.js";
import { openDialog } from "./dialogs.js";

/** Opens it. */
export function openHelp() {
  const rows = SHORTCUTS.flatMap(({ label, text }) => [
    element("dt", {}, element("kbd", {}, label)),
    element("dd", {}, t(text)),
  ]);
  openDialog("shortcuts", t("shortcut.title"), element("dl", { class: "shortcuts" }, ...rows));
}
