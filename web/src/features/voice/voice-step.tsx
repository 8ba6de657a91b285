/** The step of the path on which the voice is made: what is there already, and three ways to a new one. */
import { useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useParams } from "react-router";
import { ButtonLink } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { ErrorNote } from "@/ui/error-note";
import { Page } from "@/ui/page";
import { Skeleton } from "@/ui/skeleton";
import { listConsentsOptions, listVoicesOptions, showCloneOptions } from "@/wire/api/@tanstack/react-query.gen";
import type { OwnClone } from "@/wire/api/types.gen";
import { NewVoice } from "./new-voice";
import { useKept } from "./use-kept";
import { VoiceList } from "./voice-list";
import "./voice.css";
import { useWords } from "./words";

export default function VoiceStep() {
  const t = useWords();
  const { clone: slug = "" } = useParams();
  const clone = useQuery(showCloneOptions({ path: { slug } }));
  const consents = useQuery(listConsentsOptions());
  const failed = [clone, consents].find((each) => each.isError && each.data === undefined);
  const agreed = consents.data?.consents.some((each) => each.subject === "voice" && each.revokedAt === null) === true;
  return (
    <Page title={t("title")} lead={t("lead")}>
      {failed?.error != null && <ErrorNote error={failed.error} retry={() => void failed.refetch()} />}
      {failed === undefined && (clone.data === undefined || consents.data === undefined) && <Skeleton />}
      {clone.data !== undefined && consents.data !== undefined && (agreed ? <Voices clone={clone.data} /> : <NoConsent slug={slug} />)}
    </Page>
  );
}

function NoConsent({ slug }: { slug: string }) {
  const t = useWords();
  return (
    <EmptyState
      icon={ShieldCheck}
      title={t("consent.title")}
      text={t("consent.text")}
      action={
        <ButtonLink look="primary" to={`/studio/${encodeURIComponent(slug)}/consent`}>
          {t("consent.action")}
        </ButtonLink>
      }
    />
  );
}

function Voices({ clone }: { clone: OwnClone }) {
  const t = useWords();
  const asked = useQuery(listVoicesOptions());
  const kept = useKept(clone.id);
  if (asked.isError && asked.data === undefined) return <ErrorNote error={asked.error} title={t("list.failed")} retry={() => void asked.refetch()} />;
  if (asked.data === undefined || kept.recordings === null) return <Skeleton />;
  const voices = asked.data.voiceModels.filter(({ cloneId }) => cloneId === clone.id);
  return (
    <>
      <VoiceList voices={voices} clone={clone} kept={kept} />
      <NewVoice clone={clone} kept={kept} first={voices.length === 0} />
    </>
  );
}
