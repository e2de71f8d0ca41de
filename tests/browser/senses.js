/**
 * Put into a page before its own scripts: what the person in front of it hears and sees. It reads the page as it is
 * shown, and changes nothing. `window.testEyes`, `testEars`, `testWire` and `testNotices` are what guest.py asks.
 */
(() => {
  const SAMPLES = 32_768;
  const RATE = 48_000;
  /** Of each picture the part below the white bar of devices.js. */
  const BAR_PART = 28 / 180;
  const LOOK = { width: 16, height: 9 };

  class Ears {
    #element = null;
    #analyser = null;

    /** The last 0.68 s of what the page's <audio> plays: 16-bit mono at 48 kHz, base64; "" while it plays nothing. */
    listen() {
      const audio = document.querySelector("audio");
      if (!audio?.srcObject || audio.paused) return "";
      if (audio.srcObject !== this.#element) this.#attach(audio.srcObject);
      const samples = new Float32Array(SAMPLES);
      this.#analyser.getFloatTimeDomainData(samples);
      const whole = Int16Array.from(samples, (sample) => Math.round(Math.max(-1, Math.min(1, sample)) * 32767));
      return btoa(Array.from(new Uint8Array(whole.buffer), (byte) => String.fromCharCode(byte)).join(""));
    }

    #attach(stream) {
      const context = new AudioContext({ sampleRate: RATE });
      this.#analyser = new AnalyserNode(context, { fftSize: SAMPLES, channelCount: 1, channelCountMode: "explicit" });
      new MediaStreamAudioSourceNode(context, { mediaStream: stream }).connect(this.#analyser);
      this.#element = stream;
    }
  }

  class Eyes {
    #canvas = Object.assign(document.createElement("canvas"), LOOK);
    #drawing = this.#canvas.getContext("2d", { willReadFrequently: true });
    #newest = new Map();
    /** Every change of what a tile shows, with the time: its name and its colour, taken in the same animation frame. */
    sightings = [];

    constructor() {
      const look = () => {
        this.tiles().forEach((tile) => this.#note(tile));
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    }

    /** What the tiles that are shown show now, in the order of the layout. */
    tiles() {
      const shown = [...document.querySelectorAll("conf-tile")].filter((tile) => tile.checkVisibility());
      return shown.map((tile) => ({
        slot: tile.dataset.slot,
        participant_id: tile.dataset.participantId,
        purpose: tile.dataset.purpose,
        picture: tile.dataset.picture,
        name: tile.querySelector(".name").textContent,
        colour: this.#colourOf(tile),
      }));
    }

    #colourOf(tile) {
      const source = { live: tile.querySelector("video"), held: tile.querySelector("canvas") }[tile.dataset.picture];
      const width = source?.videoWidth ?? source?.width;
      const height = source?.videoHeight ?? source?.height;
      if (!width) return null;
      const top = height * BAR_PART;
      this.#drawing.drawImage(source, 0, top, width, height - top, 0, 0, LOOK.width, LOOK.height);
      const { data } = this.#drawing.getImageData(0, 0, LOOK.width, LOOK.height);
      const sum = [0, 0, 0];
      for (let index = 0; index < data.length; index++) if (index % 4 < 3) sum[index % 4] += data[index];
      return sum.map((value) => Math.round(value / (LOOK.width * LOOK.height)));
    }

    #note(tile) {
      // Colours of a codec waver: what differs by less than this is the same picture.
      const coarse = JSON.stringify({ ...tile, colour: tile.colour?.map((value) => Math.round(value / 32)) });
      if (this.#newest.get(tile.slot) === coarse) return;
      this.#newest.set(tile.slot, coarse);
      this.sightings.push({ at_ms: performance.now(), ...tile });
    }
  }

  /** Notices and the words of the banner go soon; whoever asks later is told all the same, once and in their order. */
  class Notices {
    #said = [];

    constructor() {
      const isSaid = (node) => node.className === "notice" || node.parentElement?.dataset.testid === "connection";
      const look = (changes) => {
        const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
        this.#said.push(...added.filter(isSaid).map((node) => node.textContent));
      };
      new MutationObserver(look).observe(document, { subtree: true, childList: true });
    }

    /** Whether one has said this since the last one that was asked for. */
    tell(words) {
      const index = this.#said.findIndex((text) => text.includes(words));
      this.#said.splice(0, index + 1);
      return index >= 0;
    }
  }

  /** What has come to the page over all its connections so far, as the browser itself counts it. */
  class Wire {
    #peers = [];

    constructor() {
      const peers = this.#peers;
      const Peer = window.RTCPeerConnection;
      window.RTCPeerConnection = class extends Peer {
        constructor(...all) {
          super(...all);
          peers.push(this);
        }
      };
    }

    /** Energy as in RTCInboundRtpStreamStats: 1 is a second of the loudest sound there is. */
    async received() {
      const reports = await Promise.all(this.#peers.map((peer) => peer.getStats()));
      const streams = reports.flatMap((report) => [...report.values()]).filter(({ type }) => type === "inbound-rtp");
      const sum = (kind, count) =>
        streams.filter((stream) => stream.kind === kind).reduce((total, stream) => total + (stream[count] ?? 0), 0);
      return {
        audio_energy: sum("audio", "totalAudioEnergy"),
        video_frames: sum("video", "framesReceived"),
        video_bytes: sum("video", "bytesReceived"),
      };
    }
  }

  window.testWire = new Wire();
  window.testEars = new Ears();
  window.testEyes = new Eyes();
  window.testNotices = new Notices();
})();
