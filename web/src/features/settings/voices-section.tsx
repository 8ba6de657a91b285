/** Which voice speaks for each clone; making and changing voices is the studio's. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { AudioLines } from "lucide-react";
import { Badge } from "@/ui/badge";
import { Button, ButtonLink } from "@/ui/button";
import { Card } from "@/ui/card";
import { EmptyState } from "@/ui/empty-state";
import { ErrorNote } from "@/ui/error-note";
import { useFormat } from "@/ui/i18n/format";
import { Skeleton } from "@/ui/skeleton";
import { useToasts } from "@/ui/toasts";
import type { OwnClone, VoiceModelItem } from "@/wire/api";
import { activateVoiceMutation, listOwnClonesOptions, listVoicesOptions } from "@/wire/api/@tanstack/react-query.gen";
import { useWords } from "./words";

export function VoicesSection() {
  const t = useWords();
  const clones = useQuery(listOwnClonesOptions());
  const voices = useQuery(listVoicesOptions());
  const failed = clones.error ?? voices.error;
  if (failed !== null) return <ErrorNote error={failed} retry={() => { void clones.refetch(); void voices.refetch(); }} />;
  if (clones.data === undefined || voices.data === undefined) return <Skeleton lines={5} />;
  const first = (
    <ButtonLink look="primary" to="/studio">
      {t("voices.toStudio")}
    </ButtonLink>
  );
  if (clones.data.clones.length === 0) return <EmptyState icon={AudioLines} title={t("voices.emptyTitle")} text={t("voices.emptyText")} action={first} />;
  const made = voices.data.voiceModels;
  return (
    <>
      <p className="settings-lead">{t("voices.lead")}</p>
      {clones.data.clones.map((clone) => (
        <CloneVoices key={clone.id} clone={clone} voices={made.filter((voice) => voice.cloneId === clone.id)} />
      ))}
    </>
  );
}

function CloneVoices({ clone, voices }: { clone: OwnClone; voices: readonly VoiceModelItem[] }) {
  const t = useWords();
  const more = (
    <ButtonLink size="small" to={`/studio/${encodeURIComponent(clone.slug)}/voice`}>
      {t("voices.open")}
    </ButtonLink>
  );
  return (
    <Card title={clone.name} actions={more}>
      {voices.length === 0 ? (
        <p className="aside">{t(clone.demonstration ? "voices.builtIn" : "voices.none")}</p>
      ) : (
        <ul className="settings-list rows">
          {voices.map((voice) => (
            <Voice key={voice.id} voice={voice} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Voice({ voice }: { voice: VoiceModelItem }) {
  const t = useWords();
  const format = useFormat();
  const toasts = useToasts();
  const queries = useQueryClient();
  const activate = useMutation({
    ...activateVoiceMutation(),
    onSuccess: async () => {
      await queries.invalidateQueries();
      toasts.show({ text: t("voices.changed") });
    },
  });
  const made = ["ready", "active", "replaced"].includes(voice.status);
  const making = voice.status === "pending" || voice.status === "running";
  const name = t("voices.made", { date: voice.createdAt === null ? "" : format.dateTime(voice.createdAt) });
  return (
    <li>
      <div>
        <p>{name}</p>
        {made ? (
          <p className="aside">{t("voices.quality", { share: format.percent(voice.qualityScore) })}</p>
        ) : (
          <p className="aside">{t(making ? "voices.making" : "voices.failed")}</p>
        )}
        {activate.error !== null && <ErrorNote error={activate.error} />}
      </div>
      {voice.active ? (
        <Badge tone="good">{t("voices.active")}</Badge>
      ) : (
        made && (
          <Button size="small" busy={activate.isPending} onClick={() => { activate.mutate({ path: { voice_id: voice.id } }); }} aria-label={`${t("voices.use")}: ${name}`}>
            {t("voices.use")}
          </Button>
        )
      )}
    </li>
  );
}
