/** Whether the server answers; while it does not, it is asked again and again, and what the page shows is asked for anew after. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { onReach, probe, reach, type Reach } from "@/wire/reach";

const SOON_MS = 1000;
const LATEST_MS = 15_000;

export function useReach(): Reach {
  return useSyncExternalStore(onReach, reach);
}

/** To be used once, by what stands around the pages. */
export function useReachWatch(): void {
  const silent = useReach() !== "fine";
  const queries = useQueryClient();
  useEffect(() => {
    if (!silent) return;
    let tries = 0;
    let timer = 0;
    const later = (): void => {
      timer = window.setTimeout(ask, Math.min(LATEST_MS, SOON_MS * 2 ** tries));
      tries += 1;
    };
    const ask = (): void => {
      clearTimeout(timer);
      void probe().then((answers) => {
        if (!answers) later();
        else void queries.invalidateQueries();
      });
    };
    const back = (): void => {
      tries = 0;
      ask();
    };
    window.addEventListener("online", back);
    later();
    return () => {
      clearTimeout(timer);
      window.removeEventListener("online", back);
    };
  }, [silent, queries]);
}
