/**
 * Calls back for every frame that a video shows, with the generation that the server wrote into its RTP timestamp.
 */

const GENERATION_BITS = 7;

/**
 * @param {HTMLVideoElement} video
 * @param {RTCRtpReceiver} receiver
 * @param {(generation: number) => void} onFrame
 */
export function watchGenerations(video, receiver, onFrame) {
  const next = (_, metadata) => {
    // Where the frame itself does not say, the receiver tells the timestamp of the frame it delivered last.
    const rtpTimestamp = metadata.rtpTimestamp ?? receiver.getSynchronizationSources()[0]?.rtpTimestamp;
    if (rtpTimestamp !== undefined) onFrame(rtpTimestamp & GENERATION_BITS);
    video.requestVideoFrameCallback(next);
  };
  video.requestVideoFrameCallback(next);
}
