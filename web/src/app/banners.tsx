/** What to know above every page: no connection, no server, a newer version. */
import { RefreshCw, WifiOff } from "lucide-react";
import { useState, useSyncExternalStore, type ReactNode } from "react";
import { Button } from "@/ui/button";
import { isTalking, onTalking } from "./talking";
import { onUpdate, update, updateReady } from "./updates";
import { useReach } from "./use-reach";
import { useAppWords } from "./words";

export function Banners() {
  return (
    <>
      <ConnectionBanner />
      <UpdateBanner />
    </>
  );
}

function followOnline(changed: () => void): () => void {
  window.addEventListener("online", changed);
  window.addEventListener("offline", changed);
  return () => {
    window.removeEventListener("online", changed);
    window.removeEventListener("offline", changed);
  };
}

export function useOnline(): boolean {
  return useSyncExternalStore(followOnline, () => navigator.onLine);
}

/** Where the server has never answered the page itself says so. */
function ConnectionBanner() {
  const t = useAppWords();
  const online = useOnline();
  const reach = useReach();
  const words = reach === "never" ? null : !online ? t("offline") : reach === "away" ? t("away") : null;
  return (
    <Banner tone="warn" shown={words !== null}>
      <WifiOff className="icon" aria-hidden="true" />
      {words}
    </Banner>
  );
}

/** Never in the midst of a talk: then it waits until nobody speaks. */
function UpdateBanner() {
  const t = useAppWords();
  const ready = useSyncExternalStore(onUpdate, updateReady);
  const talking = useSyncExternalStore(onTalking, isTalking);
  const [away, setAway] = useState(false);
  return (
    <Banner tone="calm" shown={ready && !away && !talking}>
      <RefreshCw className="icon" aria-hidden="true" />
      <span>{t("update.ready")}</span>
      <Button size="small" look="primary" onClick={update}>
        {t("update.load")}
      </Button>
      <Button size="small" look="quiet" onClick={() => { setAway(true); }}>
        {t("update.later")}
      </Button>
    </Banner>
  );
}

interface BannerProps {
  tone: "warn" | "calm";
  shown: boolean;
  children: ReactNode;
}

/** It stands in the page before it says anything, so that it is read out when it does. */
function Banner({ tone, shown, children }: BannerProps) {
  return (
    <div role="status" className="banner" data-tone={tone} hidden={!shown}>
      {shown && children}
    </div>
  );
}
