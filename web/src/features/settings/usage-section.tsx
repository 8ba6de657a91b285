/** What the owner's clones did: by day, by clone, what lies on the disk, and what it may have cost. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { BarChart } from "@/ui/bar-chart";
import { Card } from "@/ui/card";
import { Choice } from "@/ui/choice";
import { ErrorNote } from "@/ui/error-note";
import { useFormat } from "@/ui/i18n/format";
import { Skeleton } from "@/ui/skeleton";
import { Table } from "@/ui/table";
import type { UsageAnswer } from "@/wire/api";
import { showUsageOptions } from "@/wire/api/@tanstack/react-query.gen";
import { everyDay, useDollars } from "./usage";
import { useWords } from "./words";

const DAYS = ["7", "30", "90"] as const;

export function UsageSection() {
  const t = useWords();
  const [days, setDays] = useState<(typeof DAYS)[number]>("30");
  const usage = useQuery({ ...showUsageOptions({ query: { days: Number(days) } }), placeholderData: (before) => before });
  return (
    <>
      <Choice label={t("usage.period")} value={days} onChange={setDays} options={DAYS.map((value) => ({ value, label: t("usage.days", { count: Number(value) }) }))} />
      {usage.isPending && <Skeleton lines={8} />}
      {usage.isError && <ErrorNote error={usage.error} retry={() => void usage.refetch()} />}
      {usage.data !== undefined && <Figures usage={usage.data} />}
    </>
  );
}

function Figures({ usage }: { usage: UsageAnswer }) {
  const t = useWords();
  const format = useFormat();
  const { total } = usage;
  const facts = [
    [t("usage.conversations"), format.number(total.conversations)],
    [t("usage.minutes"), format.number(total.minutes, 1)],
    [t("usage.turns"), format.number(total.turns)],
    [t("usage.clips"), format.number(total.clips)],
  ] as const;
  return (
    <>
      <Card title={t("usage.title")}>
        <dl className="settings-figures">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {total.turns === 0 ? (
          <p className="aside">{t("usage.nobody")}</p>
        ) : (
          <BarChart
            label={t("usage.perDay")}
            unit={t("usage.turns")}
            bars={everyDay(usage.perDay, usage.since, usage.days).map(({ day, turns }) => ({ key: day, label: format.date(`${day}T12:00:00Z`), value: turns, text: t("usage.turnsCount", { count: turns }) }))}
          />
        )}
      </Card>
      <PerClone usage={usage} />
      <Money usage={usage} />
      <Disk usage={usage} />
    </>
  );
}

function PerClone({ usage }: { usage: UsageAnswer }) {
  const t = useWords();
  const format = useFormat();
  return (
    <Card title={t("usage.perClone")}>
      {usage.perClone.length === 0 ? (
        <p className="aside">{t("usage.nobody")}</p>
      ) : (
        <Table
          caption={t("usage.perClone")}
          rows={usage.perClone}
          rowKey={({ clone }) => clone}
          columns={[
            { key: "clone", label: t("usage.clone"), cell: ({ clone }) => clone },
            { key: "conversations", label: t("usage.conversations"), align: "end", cell: ({ conversations }) => format.number(conversations) },
            { key: "minutes", label: t("usage.minutes"), align: "end", cell: ({ minutes }) => format.number(minutes, 1) },
            { key: "turns", label: t("usage.turns"), align: "end", cell: ({ turns }) => format.number(turns) },
          ]}
        />
      )}
    </Card>
  );
}

function Money({ usage }: { usage: UsageAnswer }) {
  const t = useWords();
  const dollars = useDollars();
  const { cost } = usage;
  const lines = [
    ["hearing", cost.asrCost],
    ["thinking", cost.llmCost],
    ["speaking", cost.ttsCost],
    ["face", cost.lipSyncCost],
  ] as const;
  return (
    <Card title={t("usage.cost")}>
      <p className="settings-lead">{t(cost.totalCost === 0 ? "usage.free" : "usage.estimate")}</p>
      <dl className="settings-sum">
        {lines.map(([name, value]) => (
          <div key={name}>
            <dt>{t(`usage.${name}`)}</dt>
            <dd>{dollars(value, t("usage.unknown"))}</dd>
          </div>
        ))}
        <div data-total="true">
          <dt>{t("usage.total")}</dt>
          <dd>{dollars(cost.totalCost, t("usage.unknown"))}</dd>
        </div>
      </dl>
    </Card>
  );
}

function Disk({ usage }: { usage: UsageAnswer }) {
  const t = useWords();
  const format = useFormat();
  const parts = ["documents", "voices", "faces", "clips"] as const;
  return (
    <Card title={t("usage.storage")}>
      <dl className="settings-sum">
        {parts.map((part) => (
          <div key={part}>
            <dt>{t(`usage.kinds.${part}`)}</dt>
            <dd>{format.bytes(usage.storage[part])}</dd>
          </div>
        ))}
        <div data-total="true">
          <dt>{t("usage.total")}</dt>
          <dd>{format.bytes(usage.storage.total)}</dd>
        </div>
      </dl>
    </Card>
  );
}
