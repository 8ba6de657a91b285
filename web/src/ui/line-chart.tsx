/** Lines over time. Gaps where nothing is known. A picture for eyes, a table for everybody who wants the numbers. */
import { useId, useState } from "react";
import { Button } from "./button";
import "./chart.css";
import { linePath, niceTop } from "./chart-path";
import { Table } from "./table";
import { useUiWords } from "./words";

export interface Line {
  key: string;
  label: string;
  /** As many as there are points; null where nothing is known. */
  values: readonly (number | null)[];
  /** Which of the chart's looks: its colour, and its dash, so that colour is not all. */
  look: 1 | 2 | 3 | 4;
  /** The last value, with its unit. */
  now?: string;
}

interface LineChartProps {
  label: string;
  lines: readonly Line[];
  /** What each point is called: its time. */
  points: readonly string[];
  /** Writes a value with its unit. */
  say: (value: number) => string;
  /** The least height of the scale. */
  least?: number;
}

const WIDTH = 720;
const HEIGHT = 180;

export function LineChart({ label, lines, points, say, least = 1 }: LineChartProps) {
  const t = useUiWords();
  const id = useId();
  const [asTable, setAsTable] = useState(false);
  const known = lines.flatMap(({ values }) => values.filter((value) => value !== null));
  const top = niceTop(Math.max(least, ...known));
  return (
    <figure className="chart" aria-labelledby={id}>
      <figcaption className="chart-head">
        <span id={id}>{label}</span>
        <Button size="small" look="quiet" aria-pressed={asTable} onClick={() => { setAsTable(!asTable); }}>
          {t(asTable ? "asChart" : "asTable")}
        </Button>
      </figcaption>
      {asTable ? (
        <Numbers label={label} lines={lines} points={points} say={say} />
      ) : (
        <>
          <div className="chart-plot">
            <span className="chart-top" aria-hidden="true">
              {say(top)}
            </span>
            <Plot id={id} lines={lines} top={top} count={points.length} />
          </div>
          <div className="chart-ends" aria-hidden="true">
            <span>{points[0]}</span>
            <span>{points.at(-1)}</span>
          </div>
          <Legend lines={lines} />
        </>
      )}
    </figure>
  );
}

function Plot({ id, lines, top, count }: { id: string; lines: readonly Line[]; top: number; count: number }) {
  const size = { width: WIDTH, height: HEIGHT, top, count };
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-labelledby={id}>
      {[0, 0.5].map((part) => (
        <line key={part} className="chart-grid" x1="0" x2={WIDTH} y1={HEIGHT * part + 0.5} y2={HEIGHT * part + 0.5} />
      ))}
      <line className="chart-base" x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
      {lines.map(({ key, values, look }) => (
        <path key={key} className="chart-line" data-look={look} d={linePath(values, size)} />
      ))}
    </svg>
  );
}

function Legend({ lines }: { lines: readonly Line[] }) {
  return (
    <ul className="chart-legend">
      {lines.map(({ key, label, look, now }) => (
        <li key={key}>
          <svg viewBox="0 0 24 8" aria-hidden="true">
            <path className="chart-line" data-look={look} d="M0 4H24" />
          </svg>
          <span>{label}</span>
          {now !== undefined && <span>{now}</span>}
        </li>
      ))}
    </ul>
  );
}

function Numbers({ label, lines, points, say }: Pick<LineChartProps, "label" | "lines" | "points" | "say">) {
  const t = useUiWords();
  const rows = points.map((name, index) => ({ name, index })).reverse();
  const columns = lines.map(({ key, label: head, values }) => ({
    key,
    label: head,
    align: "end" as const,
    cell: ({ index }: { index: number }) => {
      const value = values[index] ?? null;
      return value === null ? "–" : say(value);
    },
  }));
  return (
    // Long tables are scrolled by keyboard too.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="chart-table" tabIndex={0} role="group" aria-label={label}>
      <Table caption={label} rows={rows} rowKey={({ index }) => String(index)} columns={[{ key: "when", label: t("when"), cell: ({ name }) => name }, ...columns]} />
    </div>
  );
}
