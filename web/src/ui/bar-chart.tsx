/** One bar for each day, or whatever is counted. A picture for eyes, a table for everybody who wants the numbers. */
import { useId, useState } from "react";
import { Button } from "./button";
import "./chart.css";
import { useFormat } from "./i18n/format";
import { Table } from "./table";
import { useUiWords } from "./words";

export interface Bar {
  key: string;
  label: string;
  value: number;
  /** The value with its unit. */
  text: string;
}

interface BarChartProps {
  label: string;
  unit: string;
  bars: readonly Bar[];
}

const WIDTH = 720;
const HEIGHT = 160;

export function BarChart({ label, unit, bars }: BarChartProps) {
  const t = useUiWords();
  const id = useId();
  const format = useFormat();
  const [asTable, setAsTable] = useState(false);
  const top = Math.max(1, ...bars.map(({ value }) => value));
  const total = bars.reduce((sum, { value }) => sum + value, 0);
  const step = WIDTH / Math.max(1, bars.length);
  const gap = Math.min(6, step * 0.25);
  return (
    <figure className="chart" aria-labelledby={id}>
      <figcaption className="chart-head">
        <span id={id}>{label}</span>
        <Button size="small" look="quiet" aria-pressed={asTable} onClick={() => { setAsTable(!asTable); }}>
          {t(asTable ? "asChart" : "asTable")}
        </Button>
      </figcaption>
      {asTable ? (
        <div className="chart-table">
          <Table
            caption={label}
            rows={bars}
            rowKey={({ key }) => key}
            columns={[
              { key: "label", label: t("when"), cell: (bar) => bar.label },
              { key: "value", label: unit, align: "end", cell: (bar) => format.number(bar.value) },
            ]}
          />
        </div>
      ) : (
        <>
          <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={t("chartSum", { label, unit, total: format.number(total), most: format.number(total === 0 ? 0 : top) })}>
            <line className="chart-base" x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
            {bars.map(({ key, value, label: name, text }, index) => {
              const height = value === 0 ? 0 : Math.max(3, (value / top) * (HEIGHT - 8));
              return (
                <g key={key}>
                  <title>{`${name}: ${text}`}</title>
                  <rect className="chart-touch" x={index * step} y="0" width={step} height={HEIGHT} />
                  <rect className="chart-bar" x={index * step + gap / 2} y={HEIGHT - height} width={step - gap} height={height} rx={Math.min(3, step / 4)} />
                </g>
              );
            })}
          </svg>
          <div className="chart-ends" aria-hidden="true">
            <span>{bars[0]?.label}</span>
            <span>{bars.at(-1)?.label}</span>
          </div>
        </>
      )}
    </figure>
  );
}
