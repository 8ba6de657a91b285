/** The microphones and loudspeakers of this machine. Browsers name them only once a microphone was allowed. */

/** `id` "" is whatever the system uses. */
export interface Device {
  id: string;
  label: string;
}

export interface Devices {
  microphones: readonly Device[];
  speakers: readonly Device[];
  /** The browser tells their names. */
  named: boolean;
}

/** Stand-ins for what the system uses; the page has its own word for that. */
const ALIASES = new Set(["", "default", "communications"]);

/** The devices among what the browser lists, each once. Pure. */
export function devicesOf(found: readonly Pick<MediaDeviceInfo, "kind" | "deviceId" | "label">[]): Devices {
  const of = (kind: MediaDeviceKind): Device[] => {
    const real = found.filter((one) => one.kind === kind && !ALIASES.has(one.deviceId));
    return real.filter((one, place) => real.findIndex(({ deviceId }) => deviceId === one.deviceId) === place).map(({ deviceId, label }) => ({ id: deviceId, label }));
  };
  const [microphones, speakers] = [of("audioinput"), of("audiooutput")];
  return { microphones, speakers, named: [...microphones, ...speakers].some(({ label }) => label !== "") };
}

/** Follows what is plugged in and out, while somebody looks. */
export class DeviceWatch {
  private known: Devices = { microphones: [], speakers: [], named: false };
  private readonly listeners = new Set<() => void>();

  get devices(): Devices {
    return this.known;
  }

  subscribe = (listener: () => void): (() => void) => {
    if (this.listeners.size === 0) browserDevices()?.addEventListener("devicechange", this.refresh);
    this.listeners.add(listener);
    this.refresh();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) browserDevices()?.removeEventListener("devicechange", this.refresh);
    };
  };

  /** Asks anew; call it when a microphone was allowed, as names come then. */
  refresh = (): void => {
    browserDevices()
      ?.enumerateDevices()
      .then((found) => {
        this.known = devicesOf(found);
        for (const listener of this.listeners) listener();
      })
      .catch((error: unknown) => {
        console.warn("the sound devices are not told", error);
      });
  };
}

/** Null on pages that may not use any (http in a local network). */
function browserDevices(): MediaDevices | null {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  return devices ?? null;
}
