/** The recordings that this browser keeps for a clone. */
import { useCallback, useEffect, useState } from "react";
import { openShelf, type KeptRecording, type Shelf } from "@/media/recording/shelf";

export interface Kept {
  /** Null until they are read. */
  recordings: readonly KeptRecording[] | null;
  /** Whether they outlast the page. */
  lasting: boolean;
  put: (recording: KeptRecording) => Promise<void>;
  remove: (ids: readonly string[]) => Promise<void>;
  /** Marks recordings as sent for a voice. */
  sent: (recordings: readonly KeptRecording[], voice: string) => Promise<void>;
  /** They were sent in vain: they can be sent again. */
  restore: (voice: string) => Promise<void>;
  /** Forgets what was kept for comparing with a voice. */
  forget: (voice: string) => Promise<void>;
}

let opening: ReturnType<typeof openShelf> | null = null;

export function useKept(clone: string): Kept {
  const [opened, setOpened] = useState<{ shelf: Shelf; lasting: boolean } | null>(null);
  const [recordings, setRecordings] = useState<readonly KeptRecording[] | null>(null);
  useEffect(() => {
    let here = true;
    opening ??= openShelf();
    void opening.then(async (found) => {
      const all = await found.shelf.all(clone);
      if (!here) return;
      setOpened(found);
      setRecordings(all);
    });
    return () => {
      here = false;
    };
  }, [clone]);
  const change = useCallback(
    async (act: (shelf: Shelf, all: KeptRecording[]) => Promise<unknown>): Promise<void> => {
      if (opened === null) return;
      await act(opened.shelf, await opened.shelf.all(clone));
      setRecordings(await opened.shelf.all(clone));
    },
    [opened, clone],
  );
  return {
    recordings,
    lasting: opened?.lasting ?? true,
    put: (recording) => change((shelf) => shelf.put(recording)),
    remove: (ids) => change((shelf) => shelf.remove(ids)),
    sent: (which, voice) =>
      change(async (shelf) => {
        for (const each of which) await shelf.put({ ...each, id: `${voice}|${each.id}`, voice });
        await shelf.remove(which.map(({ id }) => id));
      }),
    restore: (voice) =>
      change(async (shelf, all) => {
        const back = all.filter((each) => each.voice === voice && each.id.startsWith(`${voice}|`));
        const open = new Set(all.filter((each) => each.voice === "").map(({ id }) => id));
        for (const each of back) {
          const id = each.id.slice(voice.length + 1);
          if (!open.has(id)) await shelf.put({ ...each, id, voice: "" });
        }
        await shelf.remove(back.map(({ id }) => id));
      }),
    forget: (voice) => change((shelf, all) => shelf.remove(all.filter((each) => each.voice === voice).map(({ id }) => id))),
  };
}

/** The id of a sentence's recording: recording it anew takes its place. */
export function keptId(clone: string, language: string, sentence: number): string {
  return `${clone}|${language}|${sentence}`;
}
