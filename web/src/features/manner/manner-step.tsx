/** How the clone talks: what was learnt of the person, what the owner wrote, and what comes of both. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useParams } from "react-router";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { useConfirm } from "@/ui/confirm";
import { ErrorNote } from "@/ui/error-note";
import { Page } from "@/ui/page";
import { Skeleton } from "@/ui/skeleton";
import { useToasts } from "@/ui/toasts";
import type { PersonaItem } from "@/wire/api";
import { replacePersonaMutation, showPersonaOptions } from "@/wire/api/@tanstack/react-query.gen";
import { ExtractCard } from "./extract-card";
import { FieldRow } from "./field-row";
import { HistoryCard } from "./history-card";
import "./manner.css";
import { changedFields, GROUPS, type Group } from "./profile";
import { SayCard } from "./say-card";
import { useWords } from "./words";

export default function MannerStep() {
  const t = useWords();
  const { clone = "" } = useParams();
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Manner key={clone} clone={clone} />
    </Page>
  );
}

function Manner({ clone }: { clone: string }) {
  const queries = useQueryClient();
  const options = showPersonaOptions({ query: { clone } });
  const persona = useQuery(options);
  const [changed, setChanged] = useState<readonly string[] | null>(null);
  /** What was known when the learning was ordered; by its end the list above may have been asked for anew. */
  const known = useRef<PersonaItem | null>(null);
  if (persona.isPending) return <Skeleton lines={8} />;
  if (persona.isError) return <ErrorNote error={persona.error} retry={() => void persona.refetch()} />;
  const before = persona.data;
  const learnt = async (): Promise<void> => {
    const after = await queries.query({ ...options, staleTime: 0 });
    if (known.current !== null) setChanged(changedFields(known.current, after));
  };
  return (
    <>
      <SayCard persona={before.merged} clone={clone} />
      <ExtractCard clone={clone} cloneHas={before.history.length > 0} changed={changed} onBegin={() => { known.current = before; }} onDone={() => void learnt()} />
      {GROUPS.map((group) => (
        <GroupCard key={group.name} group={group} persona={before} clone={clone} changed={changed ?? []} />
      ))}
      <TakeBack persona={before} clone={clone} />
      {before.history.length > 0 && <HistoryCard history={before.history} clone={clone} />}
    </>
  );
}

interface GroupCardProps {
  group: Group;
  persona: PersonaItem;
  clone: string;
  changed: readonly string[];
}

function GroupCard({ group, persona, clone, changed }: GroupCardProps) {
  const t = useWords();
  const rows = group.fields.flatMap((name) => persona.fields.filter(({ field }) => field === name));
  if (rows.length === 0) return null;
  return (
    <Card title={t(`groups.${group.name}`)}>
      <div className="manner-head" aria-hidden="true">
        <span />
        <span>{t("auto")}</span>
        <span>{t("mine")}</span>
        <span>{t("merged")}</span>
      </div>
      <ul className="manner-rows">
        {rows.map((row) => (
          <FieldRow key={row.field} row={row} clone={clone} evidence={persona.evidence?.[row.field] ?? []} isNew={changed.includes(row.field)} />
        ))}
      </ul>
    </Card>
  );
}

/** Gives up all of the owner's words at once. */
function TakeBack({ persona, clone }: { persona: PersonaItem; clone: string }) {
  const t = useWords();
  const confirm = useConfirm();
  const toasts = useToasts();
  const queries = useQueryClient();
  const replace = useMutation({
    ...replacePersonaMutation(),
    onSuccess: (after) => {
      queries.setQueryData(showPersonaOptions({ query: { clone } }).queryKey, after);
      toasts.show({ text: t("allTakenBack") });
    },
  });
  if (!persona.fields.some(({ overridden }) => overridden)) return null;
  const ask = async (): Promise<void> => {
    if (await confirm({ title: t("takeBackTitle"), text: t("takeBackText"), action: t("takeBack") })) replace.mutate({ body: { clone, overrides: {} } });
  };
  return (
    <>
      {replace.error !== null && <ErrorNote error={replace.error} />}
      <div>
        <Button look="quiet" busy={replace.isPending} onClick={() => void ask()}>
          {t("takeBack")}
        </Button>
      </div>
    </>
  );
}
