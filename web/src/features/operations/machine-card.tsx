/** The machine under it all: its processors, memory and disk, and how late the server's own clock wakes. */
import { Card } from "@/ui/card";
import { useFormat } from "@/ui/i18n/format";
import { LineChart } from "@/ui/line-chart";
import { Meter } from "@/ui/progress";
import type { Point, Resources } from "@/wire/api";
import { Figures } from "./figures";
import { toneOfShare } from "./terms";
import { useWords } from "./words";

export function MachineCard({ resources, points }: { resources: Resources; points: readonly Point[] }) {
  const t = useWords();
  const format = useFormat();
  const cpu = resources.cpuShare === null ? null : resources.cpuShare / resources.cores;
  const last = points.findLast((point) => point.lagP95Ms !== null)?.lagP95Ms ?? null;
  return (
    <Card title={t("machine.title")}>
      <div className="operations-meters">
        <Meter label={t("machine.cpu")} value={cpu ?? 0} text={cpu === null ? t("machine.notYet") : t("machine.ofCores", { share: format.percent(cpu), cores: resources.cores })} tone={toneOfShare(cpu ?? 0)} />
        <Meter label={t("machine.memory")} value={resources.memoryShare} text={t("machine.memoryText", { share: format.percent(resources.memoryShare), own: format.bytes(resources.rssBytes + resources.childrenRssBytes) })} tone={toneOfShare(resources.memoryShare)} />
        <Meter label={t("machine.disk")} value={resources.diskShare} text={t("machine.diskText", { share: format.percent(resources.diskShare), free: format.bytes(resources.diskFreeBytes) })} tone={toneOfShare(resources.diskShare)} />
      </div>
      <Figures
        items={[
          [t("machine.uptime"), format.span(resources.uptimeSeconds)],
          [t("machine.pool"), resources.poolUsed === null ? "–" : t("machine.of", { used: resources.poolUsed, size: resources.poolSize ?? 0 })],
          [t("machine.received"), format.bytes(resources.receivedBytes)],
          [t("machine.sent"), format.bytes(resources.sentBytes)],
        ]}
      />
      <LineChart
        label={t("machine.overTime")}
        points={points.map(({ at }) => format.clock(at))}
        say={(value) => format.duration(value)}
        least={10}
        lines={[{ key: "lag", label: t("machine.lag"), look: 1, values: points.map((point) => point.lagP95Ms), ...(last === null ? {} : { now: format.duration(last) }) }]}
      />
    </Card>
  );
}
