/** One value between two ends that are named, 0 to 1 in tenths. */
import { useId } from "react";
import { useFormat } from "./i18n/format";
import { useUiWords } from "./words";

interface SliderProps {
  label: string;
  hint: string;
  /** What the ends mean. */
  ends: readonly [string, string];
  value: number;
  onChange: (value: number) => void;
}

export function Slider({ label, hint, ends, value, onChange }: SliderProps) {
  const t = useUiWords();
  const format = useFormat();
  const id = useId();
  return (
    <div className="slider">
      <label htmlFor={id}>{label}</label>
      <div className="slider-row">
        <span aria-hidden="true">{ends[0]}</span>
        <input
          id={id}
          type="range"
          min={0}
          max={1}
          step={0.1}
          value={value}
          aria-describedby={`${id}-hint`}
          aria-valuetext={t("sliderValue", { value: format.percent(value), low: ends[0], high: ends[1] })}
          onChange={(event) => {
            onChange(event.target.valueAsNumber);
          }}
        />
        <span aria-hidden="true">{ends[1]}</span>
      </div>
      <p id={`${id}-hint`} className="switch-hint">
        {hint}
      </p>
    </div>
  );
}
