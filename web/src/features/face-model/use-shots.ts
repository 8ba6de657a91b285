import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { PhotoVerdict } from "@/wire/api";
import { upload } from "@/wire/upload";
import { Shots, type Shot } from "./shots";

export function judgePhoto(file: Blob, signal: AbortSignal): Promise<PhotoVerdict> {
  const form = new FormData();
  form.append("photo", file, "photo.jpg");
  return upload<PhotoVerdict>("/face-model/check", form, { signal });
}

/** The photos that are about to be sent. They live as long as the step is open; leaving the page asks first. */
export function useShots(): { box: Shots; shots: readonly Shot[] } {
  const box = useMemo(
    () =>
      new Shots({
        judge: judgePhoto,
        wait: (ms) => new Promise((wake) => setTimeout(wake, ms)),
        makeUrl: (file) => URL.createObjectURL(file),
        dropUrl: (url) => { URL.revokeObjectURL(url); },
      }),
    [],
  );
  const shots = useSyncExternalStore(box.subscribe, box.list);
  const any = shots.length > 0;
  useEffect(() => {
    if (!any) return;
    const ask = (event: BeforeUnloadEvent): void => {
      event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => {
      window.removeEventListener("beforeunload", ask);
    };
  }, [any]);
  return { box, shots };
}
