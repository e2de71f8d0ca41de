/**
 * Holds back pictures that nobody has announced yet, before they are decoded: the word that a slot now shows somebody
 * else travels another way than the picture and may arrive after it. Where a browser cannot do this, an unannounced
 * picture is hidden as soon as it is reported, one frame late at worst.
 */

const worker =
  "RTCRtpScriptTransform" in globalThis ? new Worker("/static/media/gate_worker.js", { type: "module" }) : null;

/**
 * @param {RTCRtpReceiver} receiver of one slot, not negotiated yet: afterwards Chromium lets every picture pass
 * @returns {(generation: number) => void} to be called when the page is ready for pictures of a generation
 */
export function guard(receiver) {
  if (worker === null) return () => undefined;
  const { port1, port2 } = new MessageChannel();
  receiver.transform = new RTCRtpScriptTransform(worker, { port: port2 }, [port2]);
  return (generation) => port1.postMessage(generation);
}
