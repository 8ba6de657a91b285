/** One voice: how far its making is, or how it became, beside the person's own; and what can be done with it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Check, Trash2 } from "lucide-react";
import { useEffect } from "react";
import { Badge } from "@/ui/badge";
import { Button, ButtonLink } from "@/ui/button";
import { Card } from "@/ui/card";
import { ErrorNote } from "@/ui/error-note";
import { useFormat } from "@/ui/i18n/format";
import { useToasts } from "@/ui/toasts";
import { useWatch } from "@/ui/use-job";
import { activateVoiceMutation, listVoicesQueryKey, showCloneQueryKey, showVoiceOptions } from "@/wire/api/@tanstack/react-query.gen";
import type { OwnClone, VoiceModelItem } from "@/wire/api/types.gen";
import { Compare } from "./compare";
import { Making } from "./making";
import { MannerChoice } from "./manner-choice";
import { failureOf } from "./quality";
import { QualityWords } from "./quality-words";
import type { Kept } from "./use-kept";
import { useWords } from "./words";

interface VoiceCardProps {
  listed: VoiceModelItem;
  clone: OwnClone;
  kept: Kept;
  onDiscard: (voice: VoiceModelItem) => Promise<void>;
}

function isMade({ status }: VoiceModelItem): boolean {
  return status !== "pending" && status !== "running";
}

export function VoiceCard({ listed, clone, kept, onDiscard }: VoiceCardProps) {
  const t = useWords();
  const format = useFormat();
  const queries = useQueryClient();
  const followed = useWatch({ ...showVoiceOptions({ path: { voice_id: listed.voiceModelId } }), enabled: !isMade(listed) }, isMade);
  const voice = isMade(listed) ? listed : (followed.data ?? listed);
  const arrived = !isMade(listed) && isMade(voice);
  useEffect(() => {
    if (arrived) void queries.invalidateQueries({ queryKey: listVoicesQueryKey() });
  }, [arrived, queries]);
  const title = voice.createdAt === null ? t("card.untitled") : t("card.title", { date: format.dateTime(voice.createdAt) });
  const discard = (): void => void onDiscard(voice);
  return (
    <Card title={title} actions={<StatusBadge voice={voice} />} className="voice-card">
      {!isMade(voice) && <Making voice={voice} onCancel={discard} />}
      {(voice.status === "failed" || voice.status === "cancelled") && <Unmade voice={voice} kept={kept} onDiscard={discard} />}
      {(voice.status === "ready" || voice.status === "replaced" || voice.status === "active") && (
        <>
          <Compare voice={voice} kept={kept} />
          <QualityWords voice={voice} />
          <MannerChoice voice={voice} />
          <Actions voice={voice} clone={clone} onDiscard={discard} />
        </>
      )}
    </Card>
  );
}

function StatusBadge({ voice }: { voice: VoiceModelItem }) {
  const t = useWords();
  const tone = voice.status === "active" ? "good" : voice.status === "failed" ? "bad" : "calm";
  return <Badge tone={tone}>{t(`card.status.${voice.status}`)}</Badge>;
}

function Unmade({ voice, kept, onDiscard }: { voice: VoiceModelItem; kept: Kept; onDiscard: () => void }) {
  const t = useWords();
  const mine = kept.recordings?.some((each) => each.voice === voice.voiceModelId) === true;
  const stranger = voice.errorCode === "NOT_THE_CONSENTING_VOICE";
  return (
    <div className="voice-unmade">
      {voice.status === "failed" && (stranger ? <p role="alert">{t("card.stranger")}</p> : <ErrorNote error={failureOf(voice)} title={t("card.failed")} />)}
      {voice.status === "cancelled" && <p>{t("card.cancelled")}</p>}
      <div>
        <Button onClick={onDiscard}>{t(mine ? "card.readMore" : "card.clear")}</Button>
      </div>
    </div>
  );
}

function Actions({ voice, clone, onDiscard }: { voice: VoiceModelItem; clone: OwnClone; onDiscard: () => void }) {
  const t = useWords();
  const queries = useQueryClient();
  const toasts = useToasts();
  const activate = useMutation({
    ...activateVoiceMutation(),
    onSuccess: async () => {
      toasts.show({ text: t("card.activated") });
      await queries.invalidateQueries({ queryKey: listVoicesQueryKey() });
      await queries.invalidateQueries({ queryKey: showCloneQueryKey({ path: { slug: clone.slug } }) });
    },
  });
  return (
    <>
      {activate.error !== null && <ErrorNote error={activate.error} />}
      <div className="voice-foot">
        {voice.active ? (
          <ButtonLink look="primary" to={`/studio/${encodeURIComponent(clone.slug)}/face`}>
            {t("card.next")}
          </ButtonLink>
        ) : (
          <Button look="primary" icon={Check} busy={activate.isPending} onClick={() => { activate.mutate({ path: { voice_id: voice.voiceModelId } }); }}>
            {t("card.activate")}
          </Button>
        )}
        <Button look="quiet" icon={Trash2} onClick={onDiscard}>
          {t("card.discard")}
        </Button>
      </div>
    </>
  );
}
