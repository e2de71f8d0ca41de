/**
 * The worker behind gate.js: lets encoded frames pass once their generation is announced. It neither decodes nor drops
 * any.
 */

const GENERATION_BITS = 7;
/** Pictures of earlier generations may still be on their way when the next is announced. */
const REMEMBERED = 3;
/** A word that is not here by then is not coming; the page hides what it has no name for. */
const PATIENCE_MS = 1000;

class Gate {
  #announced = [];
  #release = () => undefined;

  announce(generation) {
    this.#announced = [generation, ...this.#announced].slice(0, REMEMBERED);
    this.#release();
  }

  async transform(frame, controller) {
    const generation = (frame.getMetadata().rtpTimestamp ?? frame.timestamp) & GENERATION_BITS;
    const giveUpAt = performance.now() + PATIENCE_MS;
    while (!this.#announced.includes(generation) && performance.now() < giveUpAt)
      await this.#nextWord(giveUpAt - performance.now());
    if (!this.#announced.includes(generation)) this.announce(generation);
    controller.enqueue(frame);
  }

  #nextWord(withinMs) {
    return new Promise((resolve) => {
      const late = setTimeout(resolve, withinMs);
      this.#release = () => {
        clearTimeout(late);
        resolve();
      };
    });
  }
}

addEventListener("rtctransform", ({ transformer }) => {
  const gate = new Gate();
  transformer.options.port.onmessage = ({ data: generation }) => gate.announce(generation);
  transformer.readable.pipeThrough(new TransformStream(gate)).pipeTo(transformer.writable);
});
