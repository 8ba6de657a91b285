/** How the conversation was, from one star to five. */
import { useMutation } from "@tanstack/react-query";
import { Star } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { ErrorNote } from "@/ui/error-note";
import { AreaField } from "@/ui/field";
import { useToasts } from "@/ui/toasts";
import { LONGEST_WORDS, rateConversation } from "@/wire/feedback";
import "./feedback.css";
import { useWords } from "./words";

interface RatingDialogProps {
  sessionId: string | null;
  cloneName: string;
  onClose: () => void;
}

const STARS = [1, 2, 3, 4, 5] as const;

export function RatingDialog({ sessionId, cloneName, onClose }: RatingDialogProps) {
  const t = useWords();
  const toasts = useToasts();
  const [rating, setRating] = useState(0);
  const [words, setWords] = useState("");
  const sending = useMutation({
    mutationFn: (id: string) => rateConversation(id, rating, words.trim()),
    onSuccess: () => {
      toasts.show({ text: t("rating.sent") });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("rating.title", { name: cloneName })}
      actions={
        <>
          <Button onClick={onClose}>{t("report.cancel")}</Button>
          <Button look="primary" busy={sending.isPending} disabled={rating === 0 || sessionId === null} onClick={() => { if (sessionId !== null) sending.mutate(sessionId); }}>
            {t("report.send")}
          </Button>
        </>
      }
    >
      <div className="feedback">
        <Stars rating={rating} onRate={setRating} />
        <AreaField label={t("rating.words")} hint={t("rating.seen")} optional rows={2} maxLength={LONGEST_WORDS} value={words} onChange={(event) => { setWords(event.target.value); }} />
        {sending.error !== null && <ErrorNote error={sending.error} />}
      </div>
    </Dialog>
  );
}

function Stars({ rating, onRate }: { rating: number; onRate: (rating: number) => void }) {
  const t = useWords();
  const name = useId();
  return (
    <fieldset className="stars">
      <legend className="unseen">{t("rating.label")}</legend>
      {STARS.map((star) => (
        <label key={star} data-on={star <= rating} title={t("rating.stars", { count: star })}>
          <input type="radio" name={name} checked={star === rating} aria-label={t("rating.stars", { count: star })} onChange={() => { onRate(star); }} />
          <Star className="icon" aria-hidden="true" />
        </label>
      ))}
    </fieldset>
  );
}
