/** All that the owner has answered and corrected. */
import { useQuery } from "@tanstack/react-query";
import { PencilLine, Undo2 } from "lucide-react";
import { useRef } from "react";
import { IconButton } from "@/ui/button";
import { ErrorNote } from "@/ui/error-note";
import { Skeleton } from "@/ui/skeleton";
import { listAnswersOptions } from "@/wire/api/@tanstack/react-query.gen";
import { deleteAnswer } from "@/wire/api/sdk.gen";
import type { AnswerItem } from "@/wire/api/types.gen";
import { useGoing, useRemoveLater } from "../going";
import { useWords } from "../words";
import { Entry } from "./entry";

export function Answers({ clone, onEdit }: { clone: string; onEdit: (item: AnswerItem) => void }) {
  const t = useWords();
  const going = useGoing();
  const removeLater = useRemoveLater();
  const list = useRef<HTMLUListElement>(null);
  const found = useQuery(listAnswersOptions({ path: { slug: clone } }));
  if (found.isPending) return <Skeleton />;
  if (found.isError) return <ErrorNote error={found.error} retry={() => void found.refetch()} />;
  const items = found.data.answers.filter(({ id }) => !going.has(id));
  if (items.length === 0) return <p className="nothing">{t("answers.none")}</p>;
  const takeBack = ({ id, question }: AnswerItem): void => {
    const remove = (): Promise<unknown> => deleteAnswer({ path: { slug: clone, answer_id: id }, keepalive: true });
    removeLater({ id, text: t("answers.gone", { question }), remove, stale: ["listAnswers", "listUnanswered", "searchKnowledge"] });
    list.current?.focus();
  };
  return (
    <ul className="entries" ref={list} tabIndex={-1} aria-label={t("answers.title")}>
      {items.map((item) => (
        <Entry
          key={item.id}
          title={item.question}
          actions={
            <>
              <IconButton label={t("answers.edit", { question: item.question })} icon={PencilLine} onClick={() => { onEdit(item); }} />
              <IconButton label={t("answers.takeBack", { question: item.question })} icon={Undo2} onClick={() => { takeBack(item); }} />
            </>
          }
        >
          <p className="hit-text">{item.answer}</p>
        </Entry>
      ))}
    </ul>
  );
}
