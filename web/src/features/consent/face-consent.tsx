/** The written consent, to the face alone. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { Button } from "@/ui/button";
import { ErrorNote } from "@/ui/error-note";
import { useToasts } from "@/ui/toasts";
import { consentToFaceMutation, listConsentsQueryKey } from "@/wire/api/@tanstack/react-query.gen";
import { useWords } from "./words";

export function FaceConsent() {
  const t = useWords();
  const id = useId();
  const queries = useQueryClient();
  const toasts = useToasts();
  const [agrees, setAgrees] = useState(false);
  const [asked, setAsked] = useState(false);
  const agree = useMutation({
    ...consentToFaceMutation(),
    onSuccess: async () => {
      toasts.show({ text: t("face.done") });
      await queries.invalidateQueries({ queryKey: listConsentsQueryKey() });
    },
  });
  const send = (): void => {
    setAsked(true);
    if (agrees) agree.mutate({ body: { subject: "face", granted: true } });
  };
  const missing = asked && !agrees;
  return (
    <details className="consent-face card">
      <summary>{t("face.title")}</summary>
      <p>{t("face.text")}</p>
      <label className="consent-check">
        <input
          type="checkbox"
          checked={agrees}
          aria-invalid={missing || undefined}
          aria-describedby={missing ? id : undefined}
          onChange={(event) => { setAgrees(event.target.checked); }}
        />
        <span>{t("face.agree")}</span>
      </label>
      {missing && (
        <p id={id} className="field-error" role="alert">
          {t("face.check")}
        </p>
      )}
      {agree.error !== null && <ErrorNote error={agree.error} />}
      <div>
        <Button busy={agree.isPending} onClick={send}>
          {t("face.send")}
        </Button>
      </div>
    </details>
  );
}
