/** What the person agreed to, when, and taking it back. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { useConfirm } from "@/ui/confirm";
import { ErrorNote } from "@/ui/error-note";
import { useFormat } from "@/ui/i18n/format";
import { useToasts } from "@/ui/toasts";
import { changeSettings, consentToFace, revokeSpokenConsent, type ConsentRecordBody as ConsentRecord } from "@/wire/api";
import { subjectOf, type Subject } from "./privacy-terms";
import { useWords } from "./words";

/** Ends a consent. What rested on it goes with it. */
async function end(subject: Subject): Promise<unknown> {
  if (subject === "voice") return revokeSpokenConsent({ throwOnError: true });
  if (subject === "face") return consentToFace({ body: { granted: false }, throwOnError: true });
  return changeSettings({ body: { enableConversationHistory: false }, throwOnError: true });
}

export function ConsentsCard({ consents }: { consents: readonly ConsentRecord[] }) {
  const t = useWords();
  const rows = [...consents].reverse();
  return (
    <Card title={t("consents.title")}>
      {rows.length === 0 ? (
        <p className="aside">{t("consents.empty")}</p>
      ) : (
        <ul className="settings-list rows">
          {rows.map((consent) => (
            <Consent key={consent.id} consent={consent} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Consent({ consent }: { consent: ConsentRecord }) {
  const t = useWords();
  const format = useFormat();
  const confirm = useConfirm();
  const toasts = useToasts();
  const queries = useQueryClient();
  const subject = subjectOf(consent.subject);
  const revoke = useMutation({
    mutationFn: end,
    onSuccess: async () => {
      await queries.invalidateQueries();
      toasts.show({ text: t("consents.ended") });
    },
  });
  const ask = async (which: Subject): Promise<void> => {
    if (await confirm({ title: t(`consents.subjects.${which}.end`), text: t(`consents.subjects.${which}.then`), action: t("consents.revoke") })) revoke.mutate(which);
  };
  const name = subject === null ? consent.subject : t(`consents.subjects.${subject}.name`);
  return (
    <li>
      <div>
        <p>{name}</p>
        <p className="aside">
          {consent.revokedAt === null
            ? t("consents.since", { date: format.dateTime(consent.grantedAt) })
            : t("consents.fromTo", { from: format.date(consent.grantedAt), to: format.date(consent.revokedAt) })}
        </p>
        {revoke.error !== null && <ErrorNote error={revoke.error} />}
      </div>
      {consent.revokedAt !== null ? (
        <Badge>{t("consents.over")}</Badge>
      ) : (
        subject !== null && (
          <Button size="small" busy={revoke.isPending} aria-label={`${t("consents.revoke")}: ${name}`} onClick={() => void ask(subject)}>
            {t("consents.revoke")}
          </Button>
        )
      )}
    </li>
  );
}
