/** The capture thread for recordings: the device's own rate, one channel, in blocks of about 32 ms. */
import { Blocks, rms, toInt16 } from "../pcm";

declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

class Recorder extends AudioWorkletProcessor {
  private readonly blocks = new Blocks(Math.round(sampleRate * 0.032), (block) => {
    const pcm = toInt16(block);
    const peak = block.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    this.port.postMessage({ pcm, level: rms(block), peak }, [pcm.buffer]);
  });

  process(inputs: Float32Array[][]): boolean {
    const channels = inputs[0] ?? [];
    const [first, second] = channels;
    // Two channels of one microphone are the same voice: their mean. More are not asked for.
    if (first !== undefined) this.blocks.push(second === undefined ? first : first.map((sample, i) => (sample + (second[i] ?? 0)) / 2));
    return true;
  }
}

registerProcessor("selfsame-recorder", Recorder);
