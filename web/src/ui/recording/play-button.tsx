/** Plays a sound, and stops it. */
import { Pause, Play } from "lucide-react";
import { useState, useSyncExternalStore } from "react";
import { playback } from "@/media/recording/playback";
import { Button, IconButton } from "../button";
import { useToasts } from "../toasts";
import { useRecordingWords } from "./words";

interface PlayButtonProps {
  /** What it plays: read out, and shown where there is no `text`. */
  name: string;
  /** The sound, or how to get it. */
  sound: Blob | (() => Promise<Blob>);
  /** Words on the button; without them it is an icon. */
  text?: boolean;
  onError?: (error: unknown) => void;
}

export function PlayButton({ name, sound, text = false, onError }: PlayButtonProps) {
  const t = useRecordingWords();
  const toasts = useToasts();
  const playing = useSyncExternalStore(playback.subscribe, () => playback.playing);
  const [loaded, setLoaded] = useState<Blob | null>(null);
  const [busy, setBusy] = useState(false);
  const own = sound instanceof Blob ? sound : loaded;
  const on = own !== null && playing === own;
  const play = async (): Promise<void> => {
    setBusy(true);
    try {
      const blob = own ?? (typeof sound === "function" ? await sound() : sound);
      setLoaded(blob);
      await playback.play(blob);
    } catch (error) {
      if (onError === undefined) toasts.show({ text: t("cannotPlay"), tone: "bad" });
      else onError(error);
    } finally {
      setBusy(false);
    }
  };
  const press = (): void => {
    if (on) playback.stop();
    else void play();
  };
  const label = t(on ? "haltName" : "playName", { name });
  if (!text) return <IconButton label={label} icon={on ? Pause : Play} onClick={press} />;
  return (
    <Button icon={on ? Pause : Play} busy={busy && !on} aria-label={label} onClick={press}>
      {t(on ? "halt" : "play")}
    </Button>
  );
}
