/**
 * What asks for an answer in a meeting: a host would like to hear one, somebody waits at the door, the time is nearly
 * up.
 */

import { isHostIn } from "../room/room_state.js";
import { t } from "../text/translate.js";

/** On the cards of `prompts`; `unmute` and `look` are what the person may answer. */
export class Prompting {
  #prompts;
  #answers;
  #announced = new Set();

  /**
   * @param {import("./prompts.js").ConfPrompts} prompts
   * @param {{unmute: () => void, look: () => void}} answers
   */
  constructor(prompts, answers) {
    this.#prompts = prompts;
    this.#answers = answers;
  }

  /** @param {{type: string}} message of the server */
  hear(message) {
    if (message.type === "asked_to_unmute")
      this.#prompts.ask("unmute", t("prompt.unmute", { name: message.by_name }), {
        label: t("toolbar.unmute"),
        press: this.#answers.unmute,
      });
    if (message.type === "ending_soon") {
      const minutes = Math.max(1, Math.round(message.in_s / 60));
      this.#prompts.ask("ending", t(`prompt.ending.${message.reason}`, { minutes }));
    }
  }

  /**
   * @param {import("../room/room_state.js").RoomState} state
   * @param {{isSilent: boolean, isListOpen: boolean}} page
   */
  show(state, { isSilent, isListOpen }) {
    if (!isSilent) this.#prompts.drop("unmute");
    const waiting = isHostIn(state) ? state.waiting : [];
    const isAnybodyNew = waiting.some(({ id }) => !this.#announced.has(id));
    this.#announced = new Set(waiting.map(({ id }) => id));
    if (waiting.length === 0 || isListOpen) this.#prompts.drop("waiting");
    else if (isAnybodyNew) this.#askToLook(waiting);
  }

  #askToLook(waiting) {
    const [{ display_name: name }] = waiting;
    const text = waiting.length === 1 ? t("prompt.waits", { name }) : t("prompt.wait", { count: waiting.length });
    this.#prompts.ask("waiting", text, { label: t("prompt.look"), press: this.#answers.look });
  }
}
