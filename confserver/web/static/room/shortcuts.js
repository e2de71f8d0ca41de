/**
 * Keys that work anywhere in the meeting, except where one types or a dialog asks something.
 */

/** Key, command and the text that explains it; the list is also what the help dialog shows. */
export const SHORTCUTS = [
  { key: "m", label: "M", command: "microphone", text: "shortcut.microphone" },
  { key: " ", label: "Space", command: "talk", text: "shortcut.talk" },
  { key: "v", label: "V", command: "camera", text: "shortcut.camera" },
  { key: "s", label: "S", command: "screen", text: "shortcut.screen" },
  { key: "h", label: "H", command: "hand", text: "shortcut.hand" },
  { key: "c", label: "C", command: "chat", text: "shortcut.chat" },
  { key: "p", label: "P", command: "people", text: "shortcut.people" },
  { key: "f", label: "F", command: "full_screen", text: "shortcut.full_screen" },
  { key: "d", label: "D", command: "devices", text: "shortcut.devices" },
  { key: "l", label: "L", command: "leave", text: "shortcut.leave" },
  { key: "?", label: "?", command: "shortcuts", text: "shortcut.shortcuts" },
];

const TYPING = "input, select, textarea, [contenteditable]";
const PRESSABLE = "button, a[href], summary";

/**
 * @param {(command: string, isDown: boolean) => void} onCommand `isDown` is false only when the key to talk is let go
 * @returns {() => void} stops listening
 */
export function listenForShortcuts(onCommand) {
  const stop = new AbortController();
  let isTalking = false;
  const letGo = () => {
    if (!isTalking) return;
    isTalking = false;
    onCommand("talk", false);
  };
  const press = (event) => {
    const shortcut = SHORTCUTS.find(({ key }) => key === event.key.toLowerCase());
    if (!shortcut || event.repeat || isTaken(event)) return;
    event.preventDefault();
    if (shortcut.command === "talk") isTalking = true;
    onCommand(shortcut.command, true);
  };
  const { signal } = stop;
  addEventListener("keydown", press, { signal });
  addEventListener("keyup", (event) => event.key === " " && letGo(), { signal });
  addEventListener("blur", letGo, { signal });
  return () => stop.abort();
}

function isTaken(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return true;
  // The space bar presses what has the focus.
  return event.target.closest?.(event.key === " " ? `${TYPING}, ${PRESSABLE}` : TYPING) !== null;
}
