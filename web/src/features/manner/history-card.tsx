/** From what the manner was learnt, and when; with its quotes it can be forgotten. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { useConfirm } from "@/ui/confirm";
import { ErrorNote } from "@/ui/error-note";
import { useFormat } from "@/ui/i18n/format";
import { useToasts } from "@/ui/toasts";
import type { ExtractionItem } from "@/wire/api";
import { deletePersonaHistoryMutation, showPersonaQueryKey } from "@/wire/api/@tanstack/react-query.gen";
import { useWords } from "./words";

export function HistoryCard({ history, clone }: { history: readonly ExtractionItem[]; clone: string }) {
  const t = useWords();
  const confirm = useConfirm();
  const toasts = useToasts();
  const queries = useQueryClient();
  const forget = useMutation({
    ...deletePersonaHistoryMutation(),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: showPersonaQueryKey({ query: { clone } }) });
      toasts.show({ text: t("history.forgotten") });
    },
  });
  const ask = async (): Promise<void> => {
    if (await confirm({ title: t("history.title"), text: t("history.forgetText"), action: t("history.forget") })) forget.mutate({ query: { clone } });
  };
  const button = (
    <Button size="small" look="quiet" busy={forget.isPending} onClick={() => void ask()}>
      {t("history.forget")}
    </Button>
  );
  return (
    <Card title={t("history.title")} actions={button}>
      {forget.error !== null && <ErrorNote error={forget.error} />}
      <ul className="manner-history">
        {history.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ul>
    </Card>
  );
}

function Entry({ entry }: { entry: ExtractionItem }) {
  const t = useWords();
  const format = useFormat();
  const words = typeof entry.figures.words === "number" ? t("history.words", { words: format.number(entry.figures.words) }) : "";
  return (
    <li>
      <p>{entry.source}</p>
      <p className="manner-quiet">{[entry.createdAt === null ? "" : format.dateTime(entry.createdAt), words].filter((part) => part !== "").join(" · ")}</p>
      {entry.notes.map((note) => (
        <p key={note} className="manner-quiet">
          {note}
        </p>
      ))}
    </li>
  );
}
