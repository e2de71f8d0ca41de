/**
 * The other end of a page's peer connection, in a browser page of its own: it answers offers with a quiet tone and one
 * moving picture for each slot.
 */
(() => {
  const SIZE = { width: 640, height: 360 };
  /** What is drawn large is sent small: it costs each test its time. */
  const SCALE = 0.5;
  const PICTURES_PER_S = 5;
  const SKIN = ["#c98d6b", "#8d5a3a", "#e3b28f", "#70452c", "#d8a27c"];
  let connection = null;

  function picture(number) {
    const sent = { width: SIZE.width * SCALE, height: SIZE.height * SCALE };
    const canvas = Object.assign(document.createElement("canvas"), sent);
    const drawing = canvas.getContext("2d");
    drawing.scale(SCALE, SCALE);
    let step = 0;
    setInterval(() => paint(drawing, number, step++), 1000 / PICTURES_PER_S);
    return canvas.captureStream(PICTURES_PER_S).getVideoTracks()[0];
  }

  /** A head and shoulders before a wall, swaying a little. */
  function paint(drawing, number, step) {
    const middle = SIZE.width / 2 + 12 * Math.sin(step / 6 + number);
    const wall = drawing.createLinearGradient(0, 0, SIZE.width, SIZE.height);
    wall.addColorStop(0, `hsl(${(number * 47) % 360} 30% 78%)`);
    wall.addColorStop(1, `hsl(${(number * 47) % 360} 26% 54%)`);
    drawing.fillStyle = wall;
    drawing.fillRect(0, 0, SIZE.width, SIZE.height);
    drawing.fillStyle = `hsl(${(number * 83 + 200) % 360} 35% 36%)`;
    ellipse(drawing, middle, 390, 150, 150);
    drawing.fillStyle = SKIN[number % SKIN.length];
    drawing.fillRect(middle - 26, 200, 52, 60);
    ellipse(drawing, middle, 160, 62, 82);
    drawing.fillStyle = `hsl(${20 + number * 9} 35% ${14 + (number % 3) * 9}%)`;
    ellipse(drawing, middle, 96, 66, 40);
  }

  function ellipse(drawing, x, y, width, height) {
    drawing.beginPath();
    drawing.ellipse(x, y, width, height, 0, 0, 2 * Math.PI);
    drawing.fill();
  }

  function tone() {
    const context = new AudioContext();
    const out = context.createMediaStreamDestination();
    const oscillator = new OscillatorNode(context, { frequency: 440 });
    oscillator.connect(new GainNode(context, { gain: 0.01 })).connect(out);
    oscillator.start();
    return out.stream.getAudioTracks()[0];
  }

  /** The SDP answer to a message `offer`. */
  window.answer = async ({ sdp, lines, new: isNew }) => {
    if (isNew) {
      connection?.close();
      connection = new RTCPeerConnection();
    }
    await connection.setRemoteDescription({ type: "offer", sdp });
    let number = 0;
    for (const transceiver of connection.getTransceivers()) {
      const purpose = transceiver.sender.track ? "" : lines[transceiver.mid];
      if (purpose === "slot") transceiver.direction = "sendonly";
      if (purpose === "slot") await transceiver.sender.replaceTrack(picture(number++));
      if (purpose === "audio") transceiver.direction = "sendrecv";
      if (purpose === "audio") await transceiver.sender.replaceTrack(tone());
    }
    await connection.setLocalDescription();
    const isGathered = () => connection.iceGatheringState === "complete";
    if (!isGathered())
      await new Promise((resolve) => {
        connection.addEventListener("icegatheringstatechange", () => isGathered() && resolve());
      });
    return connection.localDescription.sdp;
  };

  /** Breaks the peer connection, as a lost network does. */
  window.vanish = () => connection.close();
})();
