/** The person's conversations: with whom, when, and how much of the words is kept. Deleting can be undone for a moment. */
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "@/ui/button";
import { Card } from "@/ui/card";
import { ErrorNote } from "@/ui/error-note";
import { useErrorWords } from "@/ui/error-words";
import { useFormat } from "@/ui/i18n/format";
import { Skeleton } from "@/ui/skeleton";
import { Table } from "@/ui/table";
import { useToasts } from "@/ui/toasts";
import { deleteConversation, listConversations, type ConversationBody as KeptConversation } from "@/wire/api";
import { showPrivacyQueryKey } from "@/wire/api/@tanstack/react-query.gen";
import type { ApiError } from "@/wire/api-error";
import { CONVERSATIONS_KEY } from "./privacy-terms";
import { useWords } from "./words";

const A_PAGE = 20;

export function ConversationsCard() {
  const t = useWords();
  const pages = useConversations();
  const { gone, remove } = useRemoval();
  const rows = pages.data?.pages.flat().filter(({ id }) => !gone.has(id)) ?? [];
  return (
    <Card title={t("conversations.title")}>
      {pages.isPending && <Skeleton lines={4} />}
      {pages.isError && <ErrorNote error={pages.error} retry={() => void pages.refetch()} />}
      {pages.isSuccess && rows.length === 0 && <p className="aside">{t("conversations.empty")}</p>}
      {rows.length > 0 && <Rows rows={rows} remove={remove} />}
      {pages.hasNextPage && (
        <div className="settings-row">
          <Button busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {t("conversations.older")}
          </Button>
        </div>
      )}
    </Card>
  );
}

function useConversations() {
  return useInfiniteQuery<KeptConversation[], ApiError, { pages: KeptConversation[][] }, typeof CONVERSATIONS_KEY, string | null>({
    queryKey: CONVERSATIONS_KEY,
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: A_PAGE, ...(pageParam === null ? {} : { before: pageParam }) };
      return (await listConversations({ query, signal, throwOnError: true })).data.conversations;
    },
    initialPageParam: null,
    getNextPageParam: (last) => (last.length < A_PAGE ? undefined : last.at(-1)?.startedAt),
  });
}

/** Takes a row away at once, and deletes it when the time to undo is over. */
function useRemoval(): { gone: ReadonlySet<string>; remove: (one: KeptConversation) => void } {
  const t = useWords();
  const toasts = useToasts();
  const words = useErrorWords();
  const queries = useQueryClient();
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const back = (id: string): void => {
    setGone((before) => new Set([...before].filter((one) => one !== id)));
  };
  const commit = async (id: string): Promise<void> => {
    try {
      await deleteConversation({ path: { conversation_id: id }, throwOnError: true });
      await Promise.all([queries.invalidateQueries({ queryKey: showPrivacyQueryKey() }), queries.invalidateQueries({ queryKey: CONVERSATIONS_KEY })]);
    } catch (error) {
      back(id);
      toasts.show({ text: error instanceof Error ? words(error) : t("conversations.failed"), tone: "bad" });
    }
  };
  const remove = ({ id, cloneName }: KeptConversation): void => {
    setGone((before) => new Set([...before, id]));
    toasts.later({
      text: t("conversations.deleted", { name: cloneName }),
      undo: () => {
        back(id);
      },
      commit: () => void commit(id),
    });
  };
  return { gone, remove };
}

function Rows({ rows, remove }: { rows: readonly KeptConversation[]; remove: (one: KeptConversation) => void }) {
  const t = useWords();
  const format = useFormat();
  return (
    <Table
      caption={t("conversations.title")}
      rows={rows}
      rowKey={({ id }) => id}
      columns={[
        { key: "who", label: t("conversations.with"), cell: ({ cloneName }) => cloneName },
        { key: "when", label: t("conversations.when"), cell: ({ startedAt }) => format.dateTime(startedAt) },
        { key: "turns", label: t("conversations.turns"), align: "end", cell: ({ turns }) => format.number(turns) },
        { key: "kept", label: t("conversations.words"), align: "end", cell: ({ kept, turns }) => (kept === 0 ? t("conversations.none") : t("conversations.of", { kept, turns })) },
      ]}
      actions={(row) => (
        <IconButton
          icon={Trash2}
          label={t("conversations.delete", { name: row.cloneName, when: format.dateTime(row.startedAt) })}
          onClick={() => {
            remove(row);
          }}
        />
      )}
      actionsLabel={t("actions")}
    />
  );
}
