/**
 * How a connection to a room lives, as a table: (phase, input) -> [action, next phase]. A pair that is not here is a
 * mistake of the program.
 *
 *   connecting  seated, the first media on their way        repairing  new media on their way, the old ones failed
 *   connected   all is well                                 rejoining  the WebSocket is gone, asking for the seat again
 *   wavering    media interrupted, may recover alone        awaiting   the same, since the server said that it stops
 *   restarting  the same media, seeking another path        cut_off    the same, since nothing comes any more
 *   reviving    the same in a hurry, nothing comes yet      over       left, removed, ended or given up
 *
 *   media_up, media_wavers, media_down   what the browser says of the peer connection
 *   media_silent  nothing comes any more                    media_heard  something comes again
 *   media_lost    the server has lost its half of it        resumed    seated, and the server still has its half
 *   late          the phase took longer than its limit      seated     seated, media are to begin anew
 *   link_down     the WebSocket is gone, or dead            over       the end, whoever wished it
 *   path_changed  another network: old connections are dead without knowing it
 *   server_stops  it says so itself; it will be back
 */

/**
 * How long a phase may take before it gets the input `late`, in seconds. A restart that revives anything does so at
 * once; but where a network is gone, Chromium stays for 3.5 s with the path that was over it.
 */
export const LIMITS_S = { wavering: 1.5, restarting: 4, reviving: 0.6 };

const stay = (phase) => ["nothing", phase];
const CONNECTED = ["nothing", "connected"];
const REPAIR = ["renewMedia", "repairing"];
const RESTART = ["restartIce", "restarting"];
// Where no media come any more, the WebSocket is hardly better off.
const CUT_OFF = ["rejoinAtOnce", "cut_off"];
const OVER = ["finish", "over"];

const SEATED = {
  media_down: REPAIR,
  media_lost: REPAIR,
  link_down: ["rejoin", "rejoining"],
  path_changed: ["rejoinAtOnce", "rejoining"],
  server_stops: ["rejoin", "awaiting"],
  over: OVER,
};

const starting = (phase) => ({
  ...SEATED,
  media_up: CONNECTED,
  media_wavers: stay(phase),
  media_silent: stay(phase),
  media_heard: stay(phase),
});

const seeking = (phase) => ({
  media_up: stay(phase),
  media_wavers: stay(phase),
  media_silent: stay(phase),
  media_heard: stay(phase),
  media_down: stay(phase),
  media_lost: stay(phase),
  link_down: stay(phase),
  path_changed: ["rejoinAtOnce", phase],
  server_stops: ["nothing", "awaiting"],
  resumed: RESTART,
  seated: REPAIR,
  over: OVER,
});

const PHASES = {
  connecting: starting("connecting"),
  connected: { ...starting("connected"), media_wavers: ["nothing", "wavering"], media_silent: CUT_OFF },
  wavering: { ...starting("wavering"), media_silent: CUT_OFF, late: RESTART },
  restarting: { ...starting("restarting"), late: REPAIR },
  // For seconds the browser takes a dead path for a good one.
  reviving: { ...starting("reviving"), media_up: stay("reviving"), media_heard: CONNECTED, late: REPAIR },
  repairing: starting("repairing"),
  rejoining: seeking("rejoining"),
  awaiting: seeking("awaiting"),
  cut_off: { ...seeking("cut_off"), media_heard: stay("rejoining"), resumed: ["restartIce", "reviving"] },
  over: Object.fromEntries(Object.keys(starting("over")).map((input) => [input, stay("over")])),
};

/**
 * @param {string} phase
 * @param {string} input
 * @returns {[action: "nothing"|"renewMedia"|"restartIce"|"rejoin"|"rejoinAtOnce"|"finish", next: string]}
 */
export function nextPhase(phase, input) {
  const step = PHASES[phase][input];
  if (step === undefined) throw new Error(`${input} while ${phase}`);
  return step;
}
