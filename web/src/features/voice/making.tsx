/** A voice that is being made: its steps live, and a way to stop. */
import { Button } from "@/ui/button";
import { Progress } from "@/ui/progress";
import type { VoiceModelItem } from "@/wire/api/types.gen";
import { stepOf } from "./quality";
import { useWords } from "./words";

export function Making({ voice, onCancel }: { voice: VoiceModelItem; onCancel: () => void }) {
  const t = useWords();
  const { step, at, of } = stepOf(voice.status === "pending" ? "" : voice.message);
  const detail = step === "other" ? voice.message : step === "listening" ? t("making.listening", { at, of }) : t(`making.${step}`);
  return (
    <div className="voice-sending">
      <Progress label={t("making.label")} value={voice.status === "pending" ? null : voice.progress} detail={detail} />
      <p className="voice-small">{t("making.text")}</p>
      <div>
        <Button size="small" onClick={onCancel}>
          {t("making.cancel")}
        </Button>
      </div>
    </div>
  );
}
