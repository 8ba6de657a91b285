/** Tells the owner of the clone that an answer is not as it should be. */
import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { ErrorNote } from "@/ui/error-note";
import { AreaField } from "@/ui/field";
import { Switch } from "@/ui/switch";
import { useToasts } from "@/ui/toasts";
import { LONGEST_WORDS, REASONS, reportAnswer, type Reason } from "@/wire/feedback";
import "./feedback.css";
import type { Turn } from "./state";
import { useWords } from "./words";

interface ReportDialogProps {
  sessionId: string | null;
  turn: Turn;
  onClose: () => void;
}

export function ReportDialog({ sessionId, turn, onClose }: ReportDialogProps) {
  const t = useWords();
  const toasts = useToasts();
  const [reason, setReason] = useState<Reason | null>(null);
  const [words, setWords] = useState("");
  const [withWords, setWithWords] = useState(true);
  const sending = useMutation({
    mutationFn: reportAnswer,
    onSuccess: () => {
      toasts.show({ text: t("report.sent") });
      onClose();
    },
  });
  const send = (): void => {
    if (sessionId === null || turn.turnId === null || reason === null) return;
    const told = withWords ? { question: turn.user, answer: turn.clone } : {};
    sending.mutate({ sessionId, turnId: turn.turnId, reason, words: words.trim(), ...told });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("report.title")}
      actions={
        <>
          <Button onClick={onClose}>{t("report.cancel")}</Button>
          <Button look="primary" busy={sending.isPending} disabled={reason === null} onClick={send}>
            {t("report.send")}
          </Button>
        </>
      }
    >
      <div className="feedback">
        <blockquote className="feedback-answer">{turn.clone}</blockquote>
        <Reasons chosen={reason} onChoose={setReason} />
        <AreaField label={t("report.words")} optional rows={2} maxLength={LONGEST_WORDS} value={words} onChange={(event) => { setWords(event.target.value); }} />
        <Switch label={t("report.withWords")} hint={t(withWords ? "report.withWordsOn" : "report.withWordsOff")} on={withWords} onChange={setWithWords} />
        {sending.error !== null && <ErrorNote error={sending.error} />}
      </div>
    </Dialog>
  );
}

function Reasons({ chosen, onChoose }: { chosen: Reason | null; onChoose: (reason: Reason) => void }) {
  const t = useWords();
  const name = useId();
  return (
    <fieldset className="reasons">
      <legend>{t("report.reason")}</legend>
      {REASONS.map((reason) => (
        <label key={reason}>
          <input type="radio" name={name} checked={reason === chosen} onChange={() => { onChoose(reason); }} />
          <span>{t(`report.reasons.${reason}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}
