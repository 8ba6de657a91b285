/** The outline of a sound as bars. */
import { height } from "@/media/recording/waveform";
import "./recording.css";
import { useRecordingWords } from "./words";

export const BARS = 56;
const STEP = 5;
const HIGH = 48;

export function Waveform({ bars, live = false }: { bars: readonly number[]; live?: boolean }) {
  const t = useRecordingWords();
  const path = bars
    .map((bar, at) => {
      const size = height(bar) * (HIGH - 4);
      return `M${at * STEP + STEP / 2} ${(HIGH - size) / 2}v${size.toFixed(1)}`;
    })
    .join("");
  return (
    <svg className="waveform" data-live={live} viewBox={`0 0 ${bars.length * STEP} ${HIGH}`} role="img" aria-label={t("outline")} preserveAspectRatio="none">
      <path d={path} />
    </svg>
  );
}
