/** How quickly answers come, stage by stage, and how that went over time. */
import { useState } from "react";
import { Card } from "@/ui/card";
import { useFormat } from "@/ui/i18n/format";
import { LineChart } from "@/ui/line-chart";
import { Select } from "@/ui/select";
import { Table } from "@/ui/table";
import type { Operations, Point } from "@/wire/api";
import { overTime, spanOf, STAGES, type Stage, type Window } from "./terms";
import { useWords } from "./words";

export function LatencyCard({ state, window, points }: { state: Operations; window: Window; points: readonly Point[] }) {
  const t = useWords();
  const format = useFormat();
  const [stage, setStage] = useState<Stage>("endToEnd");
  const { latency } = spanOf(state, window);
  const ms = (value: number | null | undefined): string => (value === null || value === undefined ? "–" : format.duration(value));
  const rows = STAGES.map((name) => ({ name, figures: latency[name] }));
  const now = latency[stage];
  return (
    <Card title={t("latency.title")}>
      <p className="aside">{t("latency.lead")}</p>
      <div className="operations-pair">
        <Table
          caption={t("latency.title")}
          rows={rows}
          rowKey={({ name }) => name}
          columns={[
            { key: "stage", label: t("latency.stage"), cell: ({ name }) => t(`stages.${name}`) },
            { key: "half", label: t("latency.half"), align: "end", cell: ({ figures }) => ms(figures.p50Ms) },
            { key: "most", label: t("latency.most"), align: "end", cell: ({ figures }) => ms(figures.p95Ms) },
            { key: "worst", label: t("latency.worst"), align: "end", cell: ({ figures }) => ms(figures.p99Ms) },
            { key: "count", label: t("latency.count"), align: "end", cell: ({ figures }) => format.number(figures.count) },
          ]}
        />
        <div>
          <Select label={t("latency.show")} value={stage} onChange={setStage} options={STAGES.map((value) => ({ value, label: t(`stages.${value}`) }))} />
          <LineChart
            label={t("latency.overTime", { stage: t(`stages.${stage}`) })}
            points={points.map(({ at }) => format.clock(at))}
            say={(value) => format.duration(value)}
            least={10}
            lines={[
              { key: "half", label: t("latency.half"), look: 1, values: overTime(points, stage, "p50Ms"), now: ms(now.p50Ms) },
              { key: "most", label: t("latency.most"), look: 2, values: overTime(points, stage, "p95Ms"), now: ms(now.p95Ms) },
            ]}
          />
        </div>
      </div>
    </Card>
  );
}
