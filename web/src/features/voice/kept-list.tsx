/** The sentences that were recorded: hear them, read them anew, take them away. */
import { RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import type { KeptRecording } from "@/media/recording/shelf";
import { IconButton } from "@/ui/button";
import { useFormat } from "@/ui/i18n/format";
import { PlayButton } from "@/ui/recording/play-button";
import { useToasts } from "@/ui/toasts";
import type { Kept } from "./use-kept";
import { useWords } from "./words";

interface KeptListProps {
  mine: readonly KeptRecording[];
  kept: Kept;
  sentences: readonly string[];
  onRedo: (sentence: number) => void;
}

export function KeptList({ mine, kept, sentences, onRedo }: KeptListProps) {
  const t = useWords();
  const format = useFormat();
  const toasts = useToasts();
  const [open, setOpen] = useState(false);
  if (mine.length === 0) return null;
  const remove = (recording: KeptRecording): void => {
    void kept.remove([recording.id]);
    toasts.show({ text: t("kept.removed"), undo: () => void kept.put(recording) });
  };
  return (
    <details className="kept" open={open} onToggle={(event) => { setOpen(event.currentTarget.open); }}>
      <summary>{t("kept.title", { count: mine.length })}</summary>
      <ol>
        {mine.map((recording) => (
          <li key={recording.id}>
            <PlayButton name={recording.text} sound={recording.wav} />
            <span className="kept-text">
              {recording.text} <span className="voice-small">{format.duration(1000 * recording.seconds)}</span>
            </span>
            <IconButton label={t("kept.again", { text: recording.text })} icon={RotateCcw} onClick={() => { onRedo(sentences.indexOf(recording.text)); }} />
            <IconButton label={t("kept.remove", { text: recording.text })} icon={Trash2} onClick={() => { remove(recording); }} />
          </li>
        ))}
      </ol>
    </details>
  );
}
