/** The capture thread: the device's rate to 16 kHz mono, cut into blocks of 32 ms. */
import { Blocks, Resampler, rms, toInt16 } from "./pcm";

declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

const WIRE_RATE = 16_000;
const BLOCK = 512;

class Microphone extends AudioWorkletProcessor {
  private readonly resampler = new Resampler(sampleRate, WIRE_RATE);
  private readonly blocks = new Blocks(BLOCK, (block) => {
    const pcm = toInt16(block);
    this.port.postMessage({ pcm, level: rms(block) }, [pcm.buffer]);
  });

  constructor() {
    super();
    this.port.onmessage = () => {
      this.blocks.flush();
      this.port.postMessage({ flushed: true });
    };
  }

  process(inputs: Float32Array[][]): boolean {
    const channels = inputs[0] ?? [];
    const first = channels[0];
    if (first !== undefined) this.blocks.push(this.resampler.push(mono(channels, first)));
    return true;
  }
}

function mono(channels: Float32Array[], first: Float32Array): Float32Array {
  if (channels.length === 1) return first;
  const mixed = new Float32Array(first.length);
  for (const channel of channels) {
    for (let i = 0; i < mixed.length; i += 1) mixed[i] = (mixed[i] ?? 0) + (channel[i] ?? 0) / channels.length;
  }
  return mixed;
}

registerProcessor("selfsame-microphone", Microphone);
