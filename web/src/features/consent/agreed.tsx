/** The consents in force, with their dates and the way to end them; and those that have ended. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { Button, ButtonLink } from "@/ui/button";
import { Card } from "@/ui/card";
import { useConfirm } from "@/ui/confirm";
import { ErrorNote } from "@/ui/error-note";
import { useFormat } from "@/ui/i18n/format";
import { useToasts } from "@/ui/toasts";
import { consentToFaceMutation, revokeSpokenConsentMutation } from "@/wire/api/@tanstack/react-query.gen";
import type { SpokenConsent } from "@/wire/api/types.gen";
import type { Standing } from "./state";
import { useWords } from "./words";

export function Agreed({ now, clone }: { now: Standing; clone: string }) {
  const t = useWords();
  const ending = useEnding();
  return (
    <Card title={t("state.title")}>
      <ul className="consent-states">
        <State label={t("state.voice")} consent={now.voice} />
        <State label={t("state.face")} consent={now.face} />
      </ul>
      {ending.error !== null && <ErrorNote error={ending.error} />}
      <div className="consent-foot">
        {now.voice !== null && (
          <ButtonLink look="primary" to={`/studio/${encodeURIComponent(clone)}/voice`}>
            {t("next")}
          </ButtonLink>
        )}
        {now.voice !== null && (
          <Button look="quiet" busy={ending.busy} onClick={() => void ending.all()}>
            {t("revoke.voice")}
          </Button>
        )}
        {now.face !== null && (
          <Button look="quiet" busy={ending.busy} onClick={() => void ending.face()}>
            {t("revoke.face")}
          </Button>
        )}
      </div>
    </Card>
  );
}

function State({ label, consent }: { label: string; consent: SpokenConsent | null }) {
  const t = useWords();
  const format = useFormat();
  const evidence = consent?.evidence ?? null;
  return (
    <li data-given={consent !== null}>
      <CircleCheck className="icon" aria-hidden="true" />
      <div>
        <p>
          <strong>{label}</strong>
          {": "}
          {consent === null ? t("state.no") : t("state.yes", { date: format.dateTime(consent.grantedAt) })}
          {evidence !== null && `, ${t("state.spoken", { name: evidence.name })}`}
        </p>
        {evidence !== null && label === t("state.voice") && <p className="consent-heard">{t("state.heard", { heard: evidence.heard })}</p>}
      </div>
    </li>
  );
}

function useEnding() {
  const t = useWords();
  const queries = useQueryClient();
  const confirm = useConfirm();
  const toasts = useToasts();
  const both = useMutation({
    ...revokeSpokenConsentMutation(),
    onSuccess: async () => {
      toasts.show({ text: t("revoke.done") });
      await queries.invalidateQueries();
    },
  });
  const face = useMutation({
    ...consentToFaceMutation(),
    onSuccess: async () => {
      toasts.show({ text: t("revoke.faceDone") });
      await queries.invalidateQueries();
    },
  });
  return {
    busy: both.isPending || face.isPending,
    error: both.error ?? face.error,
    all: async () => {
      if (await confirm({ title: t("revoke.voiceTitle"), text: t("revoke.voiceText"), action: t("revoke.action") })) both.mutate({});
    },
    face: async () => {
      const sure = await confirm({ title: t("revoke.faceTitle"), text: t("revoke.faceText"), action: t("revoke.action") });
      if (sure) face.mutate({ body: { subject: "face", granted: false } });
    },
  };
}

export function History({ ended }: { ended: readonly SpokenConsent[] }) {
  const t = useWords();
  const format = useFormat();
  return (
    <details className="consent-history">
      <summary>{t("history")}</summary>
      <ul>
        {ended.map((consent) => (
          <li key={`${consent.subject} ${consent.grantedAt}`}>
            <strong>{t(consent.subject === "voice" ? "state.voice" : "state.face")}</strong>
            {": "}
            {t("state.yes", { date: format.dateTime(consent.grantedAt) })}
            {consent.revokedAt !== null && `. ${t("state.ended", { date: format.dateTime(consent.revokedAt) })}.`}
          </li>
        ))}
      </ul>
    </details>
  );
}
