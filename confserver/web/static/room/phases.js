/**
 * How a connection to a room lives, as a table: (phase, input) -> [action, next phase]. A pair that is not here is a
 * mistake of the program.
 *
 *   connecting  seated, the first media on their way        repairing  new media on their way, the old ones failed
 *   connected   all is well                                 rejoining  the WebSocket is gone, seeking a new seat
 *   wavering    media interrupted, may recover alone        over       left, removed, ended or given up
 */

const OVER = ["finish", "over"];
const REJOIN = ["rejoin", "rejoining"];
const REPAIR = ["renewMedia", "repairing"];
const stay = (phase) => ["nothing", phase];

const PHASES = {
  connecting: {
    media_up: ["nothing", "connected"],
    media_wavers: stay("connecting"),
    media_down: REPAIR,
    link_down: REJOIN,
    over: OVER,
  },
  connected: {
    media_up: stay("connected"),
    media_wavers: ["nothing", "wavering"],
    media_down: REPAIR,
    link_down: REJOIN,
    over: OVER,
  },
  wavering: {
    media_up: ["nothing", "connected"],
    media_wavers: stay("wavering"),
    media_down: REPAIR,
    link_down: REJOIN,
    over: OVER,
  },
  repairing: {
    media_up: ["nothing", "connected"],
    media_wavers: stay("repairing"),
    media_down: REPAIR,
    link_down: REJOIN,
    over: OVER,
  },
  rejoining: {
    media_up: stay("rejoining"),
    media_wavers: stay("rejoining"),
    media_down: stay("rejoining"),
    link_down: stay("rejoining"),
    seated: REPAIR,
    over: OVER,
  },
  over: {
    media_up: stay("over"),
    media_wavers: stay("over"),
    media_down: stay("over"),
    link_down: stay("over"),
    seated: stay("over"),
    over: stay("over"),
  },
};

/**
 * @param {string} phase
 * @param {string} input
 * @returns {[action: "nothing"|"renewMedia"|"rejoin"|"finish", next: string]}
 */
export function nextPhase(phase, input) {
  const step = PHASES[phase][input];
  if (step === undefined) throw new Error(`${input} while ${phase}`);
  return step;
}
