/**
 * Says that there is nothing at this address.
 */

import { t } from "../text/translate.js";
import { messagePage } from "../views/message.js";

document.title = t("title.not_found");
const start = { label: t("not_found.start"), href: "/", id: "to-start" };
const message = { id: "no_page", symbol: "door", title: t("not_found.title"), text: t("not_found.text") };
document.getElementById("page").replaceChildren(messagePage({ ...message, actions: [start] }));
