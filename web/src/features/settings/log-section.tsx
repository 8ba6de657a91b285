/** Who did what, from where, with which result. */
import { useQuery } from "@tanstack/react-query";
import { ScrollText } from "lucide-react";
import { useState } from "react";
import { Badge } from "@/ui/badge";
import { Card } from "@/ui/card";
import { EmptyState } from "@/ui/empty-state";
import { ErrorNote } from "@/ui/error-note";
import { useFormat } from "@/ui/i18n/format";
import { Select } from "@/ui/select";
import { Skeleton } from "@/ui/skeleton";
import { Table } from "@/ui/table";
import type { AuditItem } from "@/wire/api";
import { showAuditLogOptions } from "@/wire/api/@tanstack/react-query.gen";
import { ACTIONS, actionOf, type Action } from "./log-actions";
import { useWords } from "./words";

const MOST = 200;

export function LogSection() {
  const t = useWords();
  const [action, setAction] = useState<Action | "all">("all");
  const log = useQuery(showAuditLogOptions({ query: { limit: MOST, ...(action === "all" ? {} : { action }) } }));
  return (
    <>
      <p className="settings-lead">{t("log.lead")}</p>
      <div className="settings-narrow">
        <Select
          label={t("log.filter")}
          value={action}
          onChange={setAction}
          options={[{ value: "all" as const, label: t("log.all") }, ...ACTIONS.map((value) => ({ value, label: t(`log.actions.${value}`) }))]}
        />
      </div>
      {log.isPending && <Skeleton lines={6} />}
      {log.isError && <ErrorNote error={log.error} retry={() => void log.refetch()} />}
      {log.data?.entries.length === 0 && <EmptyState icon={ScrollText} title={t("log.emptyTitle")} text={t("log.emptyText")} />}
      {log.data !== undefined && log.data.entries.length > 0 && <Entries entries={log.data.entries} />}
    </>
  );
}

function Entries({ entries }: { entries: readonly AuditItem[] }) {
  const t = useWords();
  const format = useFormat();
  const rows = entries.map((entry, index) => ({ ...entry, key: `${entry.timestamp} ${index}` }));
  const what = ({ action }: AuditItem): string => {
    const known = actionOf(action);
    return known === null ? action : t(`log.actions.${known}`);
  };
  return (
    <Card>
      <Table
        caption={t("log.title")}
        rows={rows}
        rowKey={({ key }) => key}
        columns={[
          { key: "when", label: t("log.when"), cell: ({ timestamp }) => format.dateTime(timestamp) },
          { key: "what", label: t("log.what"), cell: what },
          { key: "where", label: t("log.where"), cell: ({ resource }) => <code className="settings-path">{resource}</code> },
          { key: "from", label: t("log.from"), cell: ({ ipAddress }) => ipAddress || "–" },
          { key: "result", label: t("log.result"), cell: ({ result }) => <Badge tone={result === "success" ? "good" : "bad"}>{t(`log.${result}`)}</Badge> },
        ]}
      />
    </Card>
  );
}
