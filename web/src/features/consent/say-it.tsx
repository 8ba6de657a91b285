/** The sentence is read, heard again, sent; and what the server heard of it when it was not the sentence. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { limits } from "@/media/recording/advice";
import { expectedSeconds } from "@/media/recording/sentence-end";
import type { Take } from "@/media/recording/session";
import { outline } from "@/media/recording/waveform";
import { Button } from "@/ui/button";
import { ErrorNote } from "@/ui/error-note";
import { Progress } from "@/ui/progress";
import { PlayButton } from "@/ui/recording/play-button";
import { Prompt } from "@/ui/recording/prompt";
import { Recorder } from "@/ui/recording/recorder";
import { useRecording } from "@/ui/recording/use-recording";
import { Verdict } from "@/ui/recording/verdict";
import { BARS, Waveform } from "@/ui/recording/waveform";
import { useToasts } from "@/ui/toasts";
import { listConsentsQueryKey } from "@/wire/api/@tanstack/react-query.gen";
import type { SpokenConsentList, SpokenStatement } from "@/wire/api/types.gen";
import { upload } from "@/wire/upload";
import { refusalOf, type Refusal } from "./state";
import { useWords } from "./words";

/** People breathe before the date. */
const PAUSE_MS = 1600;

export function SayIt({ name, statement }: { name: string; statement: SpokenStatement }) {
  const t = useWords();
  const [take, setTake] = useState<Take | null>(null);
  const send = useSending(name, statement);
  const recording = useRecording(setTake);
  const start = (): void => {
    setTake(null);
    send.reset();
    recording.start({ expectedSeconds: expectedSeconds(statement.text, statement.language), pauseMs: PAUSE_MS });
  };
  const refusal = refusalOf(send.error);
  return (
    <div className="consent-say">
      <p className="consent-read">{t("spoken.read")}</p>
      <Prompt text={statement.text} language={statement.language} />
      {refusal !== null && <Refused refusal={refusal} />}
      {send.error !== null && refusal === null && <ErrorNote error={send.error} />}
      {take === null || send.isError ? (
        <Recorder recording={recording} onStart={start} />
      ) : (
        <Said take={take} busy={send.isPending} onSend={() => { send.mutate(take.wav); }} onAgain={start} />
      )}
    </div>
  );
}

interface SaidProps {
  take: Take;
  busy: boolean;
  onSend: () => void;
  onAgain: () => void;
}

function Said({ take, busy, onSend, onAgain }: SaidProps) {
  const t = useWords();
  const usable = take.measures.speechSeconds >= limits.speechLeast && take.measures.snrDb >= limits.consentSnr;
  return (
    <div className="consent-said">
      <Waveform bars={outline(take.pcm, BARS)} />
      <Verdict problems={take.problems} good={usable} />
      <div className="consent-foot">
        <PlayButton name={t("spoken.recording")} sound={take.wav} text />
        <Button disabled={busy} onClick={onAgain}>
          {t("spoken.again")}
        </Button>
        {usable && (
          <Button look="primary" busy={busy} onClick={onSend}>
            {t("spoken.send")}
          </Button>
        )}
      </div>
      <div role="status">{busy && <Progress label={t("spoken.listening")} value={null} detail={t("spoken.compared")} />}</div>
    </div>
  );
}

function Refused({ refusal }: { refusal: Refusal }) {
  const t = useWords();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.focus();
  }, []);
  return (
    <div className="consent-refused" role="alert" tabIndex={-1} ref={box}>
      <h3>{t("refused.title")}</h3>
      <ul>
        {refusal.missing.map((lack) => (
          <li key={lack}>{t(`refused.${lack}`)}</li>
        ))}
      </ul>
      <p className="consent-heard">{refusal.heard === "" ? t("refused.silence") : t("refused.heard", { heard: refusal.heard })}</p>
      <p>{t("refused.again")}</p>
    </div>
  );
}

function useSending(name: string, { language }: SpokenStatement) {
  const t = useWords();
  const queries = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: (recording: Blob) => {
      const form = new FormData();
      form.append("name", name);
      form.append("language", language);
      form.append("recording", recording, "consent.wav");
      return upload<SpokenConsentList>("/api/consents/spoken", form);
    },
    onSuccess: (list) => {
      queries.setQueryData(listConsentsQueryKey(), list);
      toasts.show({ text: t("spoken.gone") });
      window.scrollTo({ top: 0 });
    },
  });
}
