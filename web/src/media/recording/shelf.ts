/**
 * Recordings that were not sent yet. They lie in this browser (IndexedDB), so that a reload, a call or an empty battery
 * costs nothing; where the browser keeps nothing, they last as long as the page.
 */

export interface KeptRecording {
  id: string;
  /** The clone they are for. */
  clone: string;
  language: "EN" | "ES" | "ZH";
  text: string;
  wav: Blob;
  seconds: number;
  speechSeconds: number;
  problems: string[];
  good: boolean;
  /** The voice that is being made of it; "" before it was sent. */
  voice: string;
}

export interface Shelf {
  /** In the order in which they were made. */
  all(clone: string): Promise<KeptRecording[]>;
  put(recording: KeptRecording): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
}

const NAME = "selfsame-recordings";
const STORE = "recordings";

export class BrowserShelf implements Shelf {
  private opened: Promise<IDBDatabase> | null = null;

  async all(clone: string): Promise<KeptRecording[]> {
    const store = await this.store("readonly");
    const found = (await done(store.index("clone").getAll(clone))) as (KeptRecording & { order: number })[];
    return found.sort((a, b) => a.order - b.order);
  }

  async put(recording: KeptRecording): Promise<void> {
    const store = await this.store("readwrite");
    const before = (await done(store.get(recording.id))) as { order: number } | undefined;
    await done(store.put({ ...recording, order: before?.order ?? performance.timeOrigin + performance.now() }));
  }

  async remove(ids: readonly string[]): Promise<void> {
    const store = await this.store("readwrite");
    await Promise.all(ids.map((id) => done(store.delete(id))));
  }

  private async store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
    this.opened ??= open();
    return (await this.opened).transaction(STORE, mode).objectStore(STORE);
  }
}

export class MemoryShelf implements Shelf {
  private readonly kept = new Map<string, KeptRecording>();

  all(clone: string): Promise<KeptRecording[]> {
    return Promise.resolve([...this.kept.values()].filter((each) => each.clone === clone));
  }

  put(recording: KeptRecording): Promise<void> {
    this.kept.set(recording.id, recording);
    return Promise.resolve();
  }

  remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.kept.delete(id);
    return Promise.resolve();
  }
}

/** The browser's shelf, or the page's own where the browser keeps nothing (some private windows). */
export async function openShelf(): Promise<{ shelf: Shelf; lasting: boolean }> {
  try {
    const shelf = new BrowserShelf();
    await shelf.all("");
    return { shelf, lasting: true };
  } catch {
    return { shelf: new MemoryShelf(), lasting: false };
  }
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(STORE, { keyPath: "id" }).createIndex("clone", "clone");
  };
  return done(request);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => { resolve(request.result); };
    request.onerror = () => { reject(request.error ?? new Error("the browser's storage failed")); };
  });
}
