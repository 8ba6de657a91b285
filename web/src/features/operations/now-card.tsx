/** How many talk now, and how the talks of the chosen stretch went. */
import { Card } from "@/ui/card";
import { useFormat } from "@/ui/i18n/format";
import { LineChart } from "@/ui/line-chart";
import { Meter } from "@/ui/progress";
import type { Operations, Point } from "@/wire/api";
import { Figures } from "./figures";
import { spanOf, toneOfShare, type Window } from "./terms";
import { useWords } from "./words";

export function NowCard({ state, window, points }: { state: Operations; window: Window; points: readonly Point[] }) {
  const t = useWords();
  const format = useFormat();
  const { active, capacity } = state.conversations;
  const share = capacity === 0 ? 0 : active / capacity;
  const { traffic } = spanOf(state, window);
  const part = (value: number | null): string => (value === null ? "–" : format.percent(value, 1));
  return (
    <Card title={t("now.title")}>
      <Meter label={t("now.active")} value={share} text={t("now.of", { active, capacity })} tone={toneOfShare(share)} />
      <Figures
        items={[
          [t("now.turns"), format.number(traffic.turns)],
          [t("now.perMinute"), format.number(traffic.perMinute, 1)],
          [t("now.interrupted"), part(traffic.interruptionRate)],
          [t("now.errors"), part(traffic.errorRate)],
          [t("now.retries"), format.number(traffic.retries)],
          [t("now.fallbacks"), format.number(traffic.fallbacks)],
        ]}
      />
      <LineChart
        label={t("now.overTime")}
        points={points.map(({ at }) => format.clock(at))}
        say={(value) => format.number(value, 1)}
        lines={[
          { key: "active", label: t("now.activeLine"), look: 1, values: points.map((point) => point.active), now: format.number(active) },
          { key: "turns", label: t("now.turnsLine"), look: 2, values: points.map((point) => point.turns) },
        ]}
      />
    </Card>
  );
}
