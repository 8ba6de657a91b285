/** The person and the voice beside each other, with the same sentence where there is a recording of it. */
import { useState } from "react";
import { expectedSeconds } from "@/media/recording/sentence-end";
import type { Take } from "@/media/recording/session";
import type { KeptRecording } from "@/media/recording/shelf";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { useErrorWords } from "@/ui/error-words";
import { PlayButton } from "@/ui/recording/play-button";
import { Prompt } from "@/ui/recording/prompt";
import { Recorder } from "@/ui/recording/recorder";
import { useRecording } from "@/ui/recording/use-recording";
import { Verdict } from "@/ui/recording/verdict";
import { useToasts } from "@/ui/toasts";
import type { VoiceModelItem } from "@/wire/api/types.gen";
import { asApiError } from "@/wire/api-error";
import { loadPreview } from "./orders";
import { previewText } from "./quality";
import type { Kept } from "./use-kept";
import { useWords } from "./words";

export function Compare({ voice, kept }: { voice: VoiceModelItem; kept: Kept }) {
  const t = useWords();
  const say = useErrorWords();
  const toasts = useToasts();
  const [asking, setAsking] = useState(false);
  if (voice.previewUrl === undefined) return null;
  const text = previewText(voice);
  const own = (kept.recordings ?? []).filter((each) => each.voice === voice.voiceModelId);
  const original = own.find((each) => each.text === text) ?? own[0];
  return (
    <div className="compare">
      {original !== undefined && <Side title={t("compare.you")} text={original.text} player={<PlayButton name={t("compare.you")} sound={original.wav} text />} />}
      <Side
        title={t("compare.clone")}
        text={text}
        player={
          <PlayButton
            name={t("compare.clone")}
            sound={() => loadPreview(voice)}
            text
            onError={(error) => { toasts.show({ text: say(asApiError(error)), tone: "bad" }); }}
          />
        }
      />
      {text !== "" && original?.text !== text && (
        <Button size="small" look="quiet" className="compare-same" onClick={() => { setAsking(true); }}>
          {t("compare.same")}
        </Button>
      )}
      <Dialog open={asking} title={t("compare.dialog")} onClose={() => { setAsking(false); }}>
        <SaySame voice={voice} text={text} onKeep={(recording) => void kept.put(recording).then(() => { setAsking(false); })} />
      </Dialog>
    </div>
  );
}

function Side({ title, text, player }: { title: string; text: string; player: React.ReactNode }) {
  return (
    <div className="compare-side">
      <h3>{title}</h3>
      <p>{text}</p>
      {player}
    </div>
  );
}

interface SaySameProps {
  voice: VoiceModelItem;
  text: string;
  onKeep: (recording: KeptRecording) => void;
}

/** The sentence of the preview in the person's own voice: it stays in this browser. */
function SaySame({ voice, text, onKeep }: SaySameProps) {
  const t = useWords();
  const [poor, setPoor] = useState<Take | null>(null);
  const language = /[\u3400-\u9fff]/.test(text) ? "ZH" : /[áéíóúñ¿¡]/i.test(text) ? "ES" : "EN";
  const recording = useRecording((take) => {
    if (!take.good) {
      setPoor(take);
      return;
    }
    const { wav, measures, problems, good } = take;
    const id = `same ${voice.voiceModelId}`;
    onKeep({ id, clone: voice.cloneId, language, text, wav, problems, good, seconds: measures.seconds, speechSeconds: measures.speechSeconds, voice: voice.voiceModelId });
  });
  return (
    <div className="prompter">
      <Prompt text={text} language={language} />
      {poor !== null && <Verdict problems={poor.problems} good={poor.good} />}
      <Recorder recording={recording} onStart={() => { recording.start({ expectedSeconds: expectedSeconds(text, language) }); }} />
      <p className="voice-small">{t("compare.stays")}</p>
    </div>
  );
}
