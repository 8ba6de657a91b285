/** Questions that found no answer, most asked first. */
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { Button } from "@/ui/button";
import { ErrorNote } from "@/ui/error-note";
import { useFormat } from "@/ui/i18n/format";
import { Skeleton } from "@/ui/skeleton";
import { listUnansweredOptions } from "@/wire/api/@tanstack/react-query.gen";
import { dismissUnanswered } from "@/wire/api/sdk.gen";
import type { UnansweredItem } from "@/wire/api/types.gen";
import { useGoing, useRemoveLater } from "../going";
import { useWords } from "../words";
import { Entry } from "./entry";

export function Unanswered({ clone, onAnswer }: { clone: string; onAnswer: (item: UnansweredItem) => void }) {
  const t = useWords();
  const format = useFormat();
  const going = useGoing();
  const removeLater = useRemoveLater();
  const list = useRef<HTMLUListElement>(null);
  const found = useQuery(listUnansweredOptions({ path: { slug: clone } }));
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <ErrorNote error={found.error} retry={() => void found.refetch()} />;
  const items = found.data.unanswered.filter(({ id }) => !going.has(id));
  if (items.length === 0) return <p className="nothing">{t("unanswered.none")}</p>;
  const dismiss = ({ id, question }: UnansweredItem): void => {
    const remove = (): Promise<unknown> => dismissUnanswered({ path: { slug: clone, question_id: id }, keepalive: true });
    removeLater({ id, text: t("unanswered.dismissed", { question }), remove, stale: ["listUnanswered"] });
    list.current?.focus();
  };
  return (
    <ul className="entries" ref={list} tabIndex={-1} aria-label={t("unanswered.title")}>
      {items.map((item) => (
        <Entry
          key={item.id}
          title={item.question}
          facts={`${t("unanswered.times", { count: item.times })} · ${t("unanswered.last", { date: format.date(item.lastAskedAt) })}`}
          actions={
            <>
              <Button size="small" aria-label={t("unanswered.answerNamed", { question: item.question })} onClick={() => { onAnswer(item); }}>
                {t("unanswered.answer")}
              </Button>
              <Button size="small" look="quiet" aria-label={t("unanswered.dismissNamed", { question: item.question })} onClick={() => { dismiss(item); }}>
                {t("unanswered.dismiss")}
              </Button>
            </>
          }
        />
      ))}
    </ul>
  );
}
