/** One loudspeaker for all recordings of a page: whoever plays last is heard alone. */

export class Playback {
  private readonly listeners = new Set<() => void>();
  private audio: HTMLAudioElement | null = null;
  private url = "";
  private current: Blob | null = null;

  get playing(): Blob | null {
    return this.current;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Throws where the browser does not play it. */
  async play(sound: Blob): Promise<void> {
    this.stop();
    this.url = URL.createObjectURL(sound);
    const audio = new Audio(this.url);
    this.audio = audio;
    audio.onended = () => {
      if (this.audio === audio) this.stop();
    };
    this.set(sound);
    try {
      await audio.play();
    } catch (error) {
      if (this.audio === audio) this.stop();
      if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
    }
  }

  stop(): void {
    this.audio?.pause();
    this.audio = null;
    if (this.url !== "") URL.revokeObjectURL(this.url);
    this.url = "";
    this.set(null);
  }

  private set(sound: Blob | null): void {
    this.current = sound;
    for (const listener of this.listeners) listener();
  }
}

export const playback = new Playback();
