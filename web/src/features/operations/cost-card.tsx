/** What the answers cost, where a provider is paid for any of it. */
import { useTranslation } from "react-i18next";
import { Card } from "@/ui/card";
import { useFormat } from "@/ui/i18n/format";
import { Meter } from "@/ui/progress";
import { Table } from "@/ui/table";
import type { Costs } from "@/wire/api";
import { Figures } from "./figures";
import { toneOfShare } from "./terms";
import { useWords } from "./words";

export function CostCard({ costs }: { costs: Costs }) {
  const t = useWords();
  const format = useFormat();
  const { i18n } = useTranslation();
  const money = (value: number | null): string =>
    value === null ? "–" : new Intl.NumberFormat(i18n.language, { style: "currency", currency: "USD", maximumFractionDigits: value !== 0 && value < 1 ? 4 : 2 }).format(value);
  const share = costs.month === null || costs.budget <= 0 ? null : costs.month / costs.budget;
  return (
    <Card title={t("cost.title")}>
      <Figures
        items={[
          [t("cost.today"), money(costs.today)],
          [t("cost.usual"), money(costs.usualDay)],
          [t("cost.month"), money(costs.month)],
          [t("cost.perMinute"), money(costs.perMinute)],
        ]}
      />
      {share !== null && <Meter label={t("cost.budget")} value={share} text={t("cost.of", { spent: money(costs.month), budget: money(costs.budget) })} tone={toneOfShare(share)} />}
      {costs.unpriced.length > 0 && <p className="aside">{t("cost.unpriced", { roles: costs.unpriced.join(", ") })}</p>}
      {costs.byDay.length > 0 && (
        <details className="operations-more more">
          <summary>{t("cost.byDay")}</summary>
          <Table
            caption={t("cost.byDay")}
            rows={costs.byDay}
            rowKey={({ day, model }) => `${day} ${model}`}
            columns={[
              { key: "day", label: t("cost.day"), cell: ({ day }) => format.date(`${day}T12:00:00Z`) },
              { key: "model", label: t("cost.model"), cell: ({ model }) => model },
              { key: "turns", label: t("now.turns"), align: "end", cell: ({ turns }) => format.number(turns) },
              { key: "total", label: t("cost.total"), align: "end", cell: ({ total }) => money(total) },
            ]}
          />
        </details>
      )}
    </Card>
  );
}
