/**
 * The WebSocket of docs/protocol.md: requests out, messages in. It does not reconnect and keeps no state of the room.
 */

const PROTOCOL = "confserver.v1";
const ANSWER_WITHIN_MS = 8000;
const NORMAL_CLOSURE = 1000;
/** Tells the server, if it hears that at all, that the seat is to be kept. */
const WILL_BE_BACK = 4005;

/** No seat. `reason` is the word of the protocol, `word` the host's own to whom they turn away. */
export class Refused extends Error {
  /**
   * @param {string} reason
   * @param {number} [retryAfterS]
   * @param {string} [word]
   */
  constructor(reason, retryAfterS = 0, word = "") {
    super(reason);
    this.reason = reason;
    this.retryAfterS = retryAfterS;
    this.word = word;
  }
}

/** The server answered a request with `error`, or did not answer in time (`code` "no_answer" or "closed"). */
export class RequestFailed extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/**
 * Events: `waiting` (detail: the message: whoever asked waits, the answer is yet to come), `message` (detail: a message
 * of the server while in the room), `closed` (detail: the close code).
 */
export class RoomLink extends EventTarget {
  #socket = null;
  #opening = null;
  #joining = null;
  #offers = new Map();
  #nextOffer = 1;

  /** @param {string} [url] */
  constructor(url = `${location.origin.replace(/^http/, "ws")}/api/ws`) {
    super();
    this.url = url;
  }

  /**
   * Asks for a seat; after a refusal it may be called again. From the waiting room the answer may take a day.
   *
   * @param {object} seat the fields of `join`
   * @returns {Promise<object>} the `welcome` message
   * @throws {Refused|RequestFailed}
   */
  async join(seat) {
    try {
      if (this.#socket?.readyState !== WebSocket.OPEN) await this.#open();
      return await this.#awaitAnswer((pending) => {
        this.#joining = pending;
        this.#send({ type: "join", ...seat });
      });
    } catch (error) {
      if (error.code === "no_answer") this.drop();
      throw error;
    }
  }

  /**
   * @param {string} sdp
   * @param {Record<string, string>} lines purpose by mid
   * @param {boolean} isNew replaces the peer connection on the server
   * @returns {Promise<string>} the SDP answer
   * @throws {RequestFailed}
   */
  offer(sdp, lines, isNew) {
    const id = this.#nextOffer++;
    const answered = this.#awaitAnswer((pending) => {
      this.#offers.set(id, pending);
      this.#send({ type: "offer", id, sdp, lines, new: isNew });
    });
    return answered.finally(() => this.#offers.delete(id));
  }

  /** Whether an offer is still without an answer. */
  get isAwaitingAnswer() {
    return this.#offers.size > 0;
  }

  /** @param {{is_muted?: boolean, has_camera?: boolean, has_screen?: boolean, display_name?: string}} state */
  set(state) {
    this.#send({ type: "set", ...state });
  }

  /**
   * Asks for whatever may be asked of a room; who may not have it is told so by an `error`.
   *
   * @param {{type: string}} command one of docs/protocol.md, "Commands"
   * @returns {boolean} whether there is a connection on which it could be sent
   */
  request(command) {
    return this.#send(command);
  }

  /** Gives the seat back and closes. */
  leave() {
    this.#send({ type: "leave" });
    this.close();
  }

  /** Closes for good, without another event. */
  close() {
    this.#close(NORMAL_CLOSURE);
  }

  /** Gives up this connection, not the seat, without another event; `join` makes a new one. */
  drop() {
    this.#close(WILL_BE_BACK);
  }

  #close(code) {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(code);
    this.#failAll();
  }

  #open() {
    this.drop();
    const socket = new WebSocket(this.url, PROTOCOL);
    this.#socket = socket;
    socket.addEventListener("message", (event) => {
      if (socket === this.#socket) this.#receive(JSON.parse(event.data));
    });
    socket.addEventListener("close", (event) => {
      if (socket !== this.#socket) return;
      this.#socket = null;
      this.#failAll();
      this.dispatchEvent(new CustomEvent("closed", { detail: event.code }));
    });
    return this.#awaitAnswer((pending) => {
      this.#opening = pending;
      socket.addEventListener("open", pending.resolve, { once: true });
    });
  }

  #send(message) {
    // On a socket that is going down a message has no reader; the `close` event tells everybody concerned.
    const isOpen = this.#socket?.readyState === WebSocket.OPEN;
    if (isOpen) this.#socket.send(JSON.stringify(message));
    return isOpen;
  }

  #receive(message) {
    if (message.type === "welcome") this.#joining?.resolve(message);
    else if (message.type === "waiting") this.#wait(message);
    else if (message.type === "refused")
      this.#joining?.reject(new Refused(message.reason, message.retry_after_s, message.word));
    else if (message.type === "answer") this.#offers.get(message.id)?.resolve(message.sdp);
    else if (message.type === "error" && this.#offers.has(message.id))
      this.#offers.get(message.id).reject(new RequestFailed(message.code, message.message));
    else if (message.type === "error" && message.of === "join")
      this.#joining?.reject(new RequestFailed(message.code, message.message));
    else this.#tell(message);
  }

  #wait(message) {
    this.#joining.wait();
    this.dispatchEvent(new CustomEvent("waiting", { detail: message }));
  }

  #tell(message) {
    // To whoever still waits the end is a refusal; a server that stops will be back.
    if (message.type === "ended" && message.reason !== "shutdown") this.#joining?.reject(new Refused(message.reason));
    this.dispatchEvent(new CustomEvent("message", { detail: message }));
  }

  #awaitAnswer(start) {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new RequestFailed("no_answer", "no answer in time")), ANSWER_WITHIN_MS);
      const settle = (action) => (value) => {
        clearTimeout(late);
        action(value);
      };
      start({ resolve: settle(resolve), reject: settle(reject), wait: () => clearTimeout(late) });
    });
  }

  #failAll() {
    const closed = new RequestFailed("closed", "the connection was closed");
    this.#opening?.reject(closed);
    this.#joining?.reject(closed);
    for (const pending of this.#offers.values()) pending.reject(closed);
  }
}
