/** A picture, sound or video that needs the token, as an address an element can show. Null until it is there. */
import { useEffect, useState } from "react";
import { authorizedFetch } from "@/wire/session";

export interface FileUrl {
  url: string | null;
  failed: boolean;
}

const NOTHING: FileUrl = { url: null, failed: false };

export function useFileUrl(path: string | null | undefined): FileUrl {
  const [held, setHeld] = useState<FileUrl & { path: string }>({ ...NOTHING, path: "" });
  useEffect(() => {
    if (path === null || path === undefined) return;
    const leaving = new AbortController();
    let url: string | null = null;
    void load(path, leaving.signal).then((blob) => {
      if (leaving.signal.aborted) return;
      url = blob === null ? null : URL.createObjectURL(blob);
      setHeld({ url, failed: blob === null, path });
    });
    return () => {
      leaving.abort();
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [path]);
  return held.path === path ? held : NOTHING;
}

async function load(path: string, signal: AbortSignal): Promise<Blob | null> {
  try {
    const answer = await authorizedFetch(path, { signal });
    return answer.ok ? await answer.blob() : null;
  } catch {
    return null; // it cannot be shown; the element stays empty
  }
}
