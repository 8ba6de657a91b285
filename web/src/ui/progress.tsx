/** How far something is, and how much there is of something. */
import { useFormat } from "./i18n/format";
import "./progress.css";

interface ProgressProps {
  /** What is under way. */
  label: string;
  /** 0 to 1; null while nobody knows. */
  value: number | null;
  /** The step it is at, in plain words. */
  detail?: string;
}

export function Progress({ label, value, detail }: ProgressProps) {
  const format = useFormat();
  const part = value === null ? null : Math.min(1, Math.max(0, value));
  return (
    <div className="progress">
      <div className="progress-words">
        <span>{label}</span>
        {part !== null && <span className="progress-number">{format.percent(part)}</span>}
      </div>
      <div
        className="progress-track"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={part === null ? undefined : Math.round(100 * part)}
        aria-valuetext={detail}
        data-unknown={part === null}
      >
        <span style={{ inlineSize: part === null ? "40%" : `${100 * part}%` }} />
      </div>
      {detail !== undefined && <p className="progress-detail">{detail}</p>}
    </div>
  );
}

interface MeterProps {
  label: string;
  /** 0 to 1. */
  value: number;
  /** The value in words: `12 of 40 s`. */
  text: string;
  tone?: "good" | "warn" | "bad";
}

/** A measure between nothing and full: a level, a share, a quality. */
export function Meter({ label, value, text, tone = "good" }: MeterProps) {
  const part = Math.min(1, Math.max(0, value));
  return (
    <div className="progress">
      <div className="progress-words">
        <span>{label}</span>
        <span className="progress-number">{text}</span>
      </div>
      <div
        className="progress-track"
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={1}
        aria-valuenow={part}
        aria-valuetext={text}
        data-tone={tone}
      >
        <span style={{ inlineSize: `${100 * part}%` }} />
      </div>
    </div>
  );
}
