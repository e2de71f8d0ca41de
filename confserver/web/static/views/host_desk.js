/**
 * Where the wishes of a host become commands: at once, or after a question. It decides nothing about the room.
 */

import { t } from "../text/translate.js";
import { openDialog } from "./dialogs.js";
import { openPersonMenu } from "./meeting_menus.js";
import { askForOrder } from "./order.js";
import { decline, muteAll, PERSON_DIALOGS } from "./person_dialogs.js";
import { ConfRules } from "./rules.js";

export class HostDesk {
  #connection;
  #signal;

  /**
   * @param {import("../room/room_connection.js").RoomConnection} connection
   * @param {AbortSignal} signal ends it
   */
  constructor(connection, signal) {
    this.#connection = connection;
    this.#signal = signal;
  }

  /**
   * Does what is wished for at this panel.
   *
   * @param {import("./people.js").ConfPeople} people
   * @param {(person: object) => void} onWrite somebody is to be written to
   */
  serve(people, onWrite) {
    const on = (event, listener) =>
      people.addEventListener(event, ({ detail }) => listener(detail), { signal: this.#signal });
    const request = (command) => command && this.#request(command);
    const choose = async ({ command, dialog }, person) => {
      if (dialog === "write") onWrite(person);
      else request(command ?? (await PERSON_DIALOGS[dialog](person)));
    };
    on("request", request);
    on("mute", ({ id, is_muted_by_host: isMuted }) =>
      request({ type: "mute", participant_id: id, is_muted: !isMuted }),
    );
    on("menu", ({ person, opener }) =>
      openPersonMenu(opener, person, this.#state, (control) => choose(control, person)),
    );
    on("lock", () => request({ type: "lock", is_locked: !this.#state.isLocked }));
    on("mute_all", async () => request(await muteAll()));
    on("decline", async (waiting) => request(await decline(waiting)));
    on("rules", () => this.#openRules(request));
  }

  #request(command) {
    // What one wants to see oneself, the connection has to know, too.
    if (command.type === "view") this.#connection.pin(command.pinned_id);
    else this.#connection.link.request(command);
  }

  get #state() {
    return this.#connection.state;
  }

  #openRules(request) {
    const rules = new ConfRules();
    const closed = new AbortController();
    const show = () => rules.show(this.#state);
    rules.addEventListener("request", ({ detail }) => request(detail));
    rules.addEventListener("order", async () => {
      dialog.close();
      request(await askForOrder(this.#state));
    });
    this.#connection.addEventListener("state", show, { signal: closed.signal });
    show();
    const dialog = openDialog("rules", t("rules.title"), rules);
    dialog.addEventListener("close", () => closed.abort());
  }
}
