/**
 * Put into a page before its own scripts: microphones that hear a tone, cameras that see a colour and a white bar that
 * never rests, a screen of another colour with a sound of its own. No browser filter touches them, so what others
 * receive can be measured. `window.testSenses` (guest.py) says which there are; `window.testDevices` changes them.
 */
(() => {
  const { microphones, cameras, screen, refused } = window.testSenses;
  const RATE = 48_000;
  const RAMP_S = 0.02;
  const CAMERA_SIZE = { width: 320, height: 180 };
  const PICTURES_PER_S = 10;
  const BAR = 20;

  const open = new Map();
  let context = null;

  function audioContext() {
    context ??= new AudioContext({ sampleRate: RATE });
    const resume = () => context.resume();
    for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, resume, { once: true });
    return context;
  }

  /** One turn of the gate, looped: exact to the sample, with ramps that do not click into other tones. */
  function gatedTone({ hz, dbov, gate_hz: gateHz }) {
    const turn = Math.round(RATE / (gateHz || 1));
    const amplitude = Math.SQRT2 * 10 ** (dbov / 20);
    const buffer = new AudioBuffer({ length: turn, sampleRate: RATE });
    const samples = buffer.getChannelData(0);
    for (let index = 0; index < turn; index++) {
      const insideS = Math.min(index, turn / 2 - index) / RATE;
      const gate = gateHz ? 0.5 - 0.5 * Math.cos(Math.PI * Math.min(Math.max(insideS / RAMP_S, 0), 1)) : 1;
      samples[index] = amplitude * gate * Math.sin((2 * Math.PI * hz * index) / RATE);
    }
    return buffer;
  }

  function soundTrack(tone) {
    const source = new AudioBufferSourceNode(audioContext(), { buffer: gatedTone(tone), loop: true });
    const gain = new GainNode(audioContext(), { gain: tone.is_open === false ? 0 : 1 });
    const out = new MediaStreamAudioDestinationNode(audioContext(), { channelCount: 1 });
    source.connect(gain).connect(out);
    source.start();
    const [track] = out.stream.getAudioTracks();
    return { track, gain };
  }

  function pictureTrack({ colour, width, height }) {
    const canvas = Object.assign(document.createElement("canvas"), { ...CAMERA_SIZE, ...(width && { width, height }) });
    const drawing = canvas.getContext("2d");
    const state = { colour };
    let number = 0;
    const timer = setInterval(() => {
      drawing.fillStyle = `rgb(${state.colour.join(" ")})`;
      drawing.fillRect(0, 0, canvas.width, canvas.height);
      drawing.fillStyle = "white";
      drawing.fillRect((number++ * 8) % canvas.width, 0, BAR, BAR);
    }, 1000 / PICTURES_PER_S);
    const [track] = canvas.captureStream(PICTURES_PER_S).getVideoTracks();
    const stop = track.stop.bind(track);
    track.stop = () => {
      clearInterval(timer);
      stop();
    };
    return { track, state };
  }

  function asDevice({ track, ...rest }, { id }) {
    const settings = track.getSettings.bind(track);
    track.getSettings = () => ({ ...settings(), deviceId: id });
    open.set(id, { track, ...rest });
    return track;
  }

  function choose(devices, constraint, kind) {
    if (refused.includes(kind)) throw new DOMException("refused by the test", "NotAllowedError");
    if (devices.length === 0) throw new DOMException("none in this test", "NotFoundError");
    const wish = constraint.deviceId?.exact ?? constraint.deviceId?.ideal ?? constraint.deviceId;
    return devices.find(({ id }) => id === wish) ?? devices[0];
  }

  const real = {
    enumerateDevices: navigator.mediaDevices.enumerateDevices.bind(navigator.mediaDevices),
  };

  navigator.mediaDevices.getUserMedia = async ({ audio, video }) => {
    const tracks = [];
    const microphone = audio && choose(microphones, audio, "microphone");
    const camera = video && choose(cameras, video, "camera");
    if (microphone) tracks.push(asDevice(soundTrack(microphone), microphone));
    if (camera) tracks.push(asDevice(pictureTrack(camera), camera));
    return new MediaStream(tracks);
  };

  navigator.mediaDevices.getDisplayMedia = async ({ audio }) => {
    if (!screen || refused.includes("screen")) throw new DOMException("refused by the test", "NotAllowedError");
    const tracks = [asDevice(pictureTrack({ ...screen, width: 640, height: 360 }), { id: "screen" })];
    if (audio && screen.tone) tracks.push(asDevice(soundTrack(screen.tone), { id: "screen sound" }));
    return new MediaStream(tracks);
  };

  navigator.mediaDevices.enumerateDevices = async () => {
    const describe = (kind) => ({ id, label }) => ({ kind, deviceId: id, label, groupId: id });
    const speakers = (await real.enumerateDevices()).filter(({ kind }) => kind === "audiooutput");
    return [...microphones.map(describe("audioinput")), ...cameras.map(describe("videoinput")), ...speakers];
  };

  window.testDevices = {
    /** Opens or closes the mouth of the person at a microphone. */
    speak(id, isSpeaking) {
      open.get(id)?.gain.gain.setTargetAtTime(isSpeaking ? 1 : 0, context.currentTime, RAMP_S / 4);
    },
    /** Changes what a camera sees. */
    paint(id, colour) {
      open.get(id).state.colour = colour;
    },
    /** Pulls a device out. */
    unplug(id) {
      for (const devices of [microphones, cameras]) {
        const index = devices.findIndex((device) => device.id === id);
        if (index >= 0) devices.splice(index, 1);
      }
      open.get(id)?.track.stop();
      open.get(id)?.track.dispatchEvent(new Event("ended"));
      navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
    },
  };
})();
