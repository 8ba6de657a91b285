/** What failed in the chosen stretch, by component. */
import { Card } from "@/ui/card";
import { useFormat } from "@/ui/i18n/format";
import { Table } from "@/ui/table";
import type { ErrorLine } from "@/wire/api";
import { countIn, type Window } from "./terms";
import { useWords } from "./words";

export function ErrorsCard({ errors, window }: { errors: readonly ErrorLine[]; window: Window }) {
  const t = useWords();
  const format = useFormat();
  const rows = errors.filter((line) => countIn(line, window) > 0).sort((one, two) => countIn(two, window) - countIn(one, window));
  return (
    <Card title={t("errors.title")}>
      {rows.length === 0 ? (
        <p className="aside">{t("errors.none")}</p>
      ) : (
        <Table
          caption={t("errors.title")}
          rows={rows}
          rowKey={({ component, code }) => `${component} ${code}`}
          columns={[
            { key: "component", label: t("errors.component"), cell: ({ component }) => component },
            { key: "code", label: t("errors.code"), cell: ({ code }) => <code>{code}</code> },
            { key: "whose", label: t("errors.whose"), cell: ({ ours }) => t(ours ? "errors.ours" : "errors.theirs") },
            { key: "count", label: t("errors.count"), align: "end", cell: (line) => format.number(countIn(line, window)) },
          ]}
        />
      )}
    </Card>
  );
}
