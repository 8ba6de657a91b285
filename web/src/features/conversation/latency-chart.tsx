/** The last answers as bars: how long each took to begin. */
import { useFormat } from "@/ui/i18n/format";
import { useWords } from "./words";

const MOST = 16;
const WIDTH = 320;
const HEIGHT = 72;
const GAP = 4;

export interface Bar {
  x: number;
  y: number;
  width: number;
  height: number;
  ms: number;
}

/** Where the bars stand, oldest at the left, and the height of the average. Pure. */
export function barsOf(latencies: readonly number[]): { bars: Bar[]; averageY: number; average: number } {
  const shown = latencies.slice(-MOST);
  const most = Math.max(...shown, 1);
  const width = (WIDTH - GAP * (MOST - 1)) / MOST;
  const average = shown.reduce((sum, ms) => sum + ms, 0) / Math.max(1, shown.length);
  const bars = shown.map((ms, place) => {
    const height = Math.max(2, (ms / most) * HEIGHT);
    return { x: place * (width + GAP), y: HEIGHT - height, width, height, ms };
  });
  return { bars, average, averageY: HEIGHT - (average / most) * HEIGHT };
}

export function LatencyChart({ latencies }: { latencies: readonly number[] }) {
  const t = useWords();
  const format = useFormat();
  const { bars, average, averageY } = barsOf(latencies);
  const told = t("timing.chartLabel", { count: bars.length, times: bars.map(({ ms }) => format.duration(ms)).join(", ") });
  return (
    <figure className="chart">
      <figcaption>
        {t("timing.chart")} <span>{t("timing.chartAverage", { time: format.duration(average) })}</span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={told}>
        {bars.map(({ x, y, width, height, ms }, place) => (
          <rect key={place} className="chart-bar" data-last={place === bars.length - 1} x={x} y={y} width={width} height={height} rx="3">
            <title>{format.duration(ms)}</title>
          </rect>
        ))}
        <line className="chart-average" x1="0" x2={WIDTH} y1={averageY} y2={averageY} />
      </svg>
    </figure>
  );
}
