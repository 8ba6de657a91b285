/** Where the time of the last answer went (WEB-04). */
import { useFormat } from "@/ui/i18n/format";
import { Sheet } from "@/ui/sheet";
import type { EngineItem, TurnMetricsItem } from "@/wire/generated";
import type { WordKey } from "@/ui/i18n/words";
import { LatencyChart } from "./latency-chart";
import { downlinkMbit } from "./network";
import type { ConversationState } from "./state";
import { useWords } from "./words";
import type words from "./words/en.json";

interface Stage {
  name: WordKey<typeof words>;
  ms: number;
}

function stagesOf(metrics: TurnMetricsItem): Stage[] {
  const optional = [
    { name: "timing.search" as const, ms: metrics.searchLatencyMs },
    { name: "timing.lipSync" as const, ms: metrics.lipSyncLatencyMs },
  ].flatMap(({ name, ms }) => (ms == null ? [] : [{ name, ms }]));
  const listening: Stage[] = [
    { name: "timing.endpointing", ms: metrics.endpointingMs },
    { name: "timing.asr", ms: metrics.asrLatencyMs },
  ];
  const typed = listening.every(({ ms }) => ms === 0);
  return [
    ...(typed ? [] : listening),
    { name: "timing.rag", ms: metrics.ragLatencyMs },
    { name: "timing.llm", ms: metrics.llmLatencyMs },
    { name: "timing.tts", ms: metrics.ttsLatencyMs },
    ...optional,
  ];
}

export function LatencyPanel({ state }: { state: ConversationState }) {
  const t = useWords();
  const format = useFormat();
  const metrics = state.turns.findLast((turn) => turn.metrics !== null)?.metrics ?? null;
  const latencies = state.turns.flatMap((turn) => (turn.metrics !== null && turn.metrics.totalLatencyMs > 0 ? [turn.metrics.totalLatencyMs] : []));
  return (
    <Sheet title={t("timing.title")} value={metrics === null ? "" : format.duration(metrics.totalLatencyMs)}>
      {metrics === null ? <p className="sheet-empty">{t("timing.empty")}</p> : <Bars metrics={metrics} />}
      {latencies.length > 1 && <LatencyChart latencies={latencies} />}
      <Facts state={state} model={state.metrics?.model ?? metrics?.model ?? null} />
      {state.engines.length > 0 && <Engines engines={state.engines} />}
    </Sheet>
  );
}

function Bars({ metrics }: { metrics: TurnMetricsItem }) {
  const t = useWords();
  const format = useFormat();
  const stages = stagesOf(metrics);
  const longest = Math.max(metrics.totalLatencyMs, ...stages.map((stage) => stage.ms), 1);
  const rows: Stage[] = [...stages, { name: "timing.total", ms: metrics.totalLatencyMs }];
  return (
    <ul className="bars">
      {rows.map(({ name, ms }, index) => (
        <li key={name} data-total={index === rows.length - 1}>
          <span>{t(name)}</span>
          <span className="bar" aria-hidden="true">
            <span style={{ inlineSize: `${(100 * ms) / longest}%` }} />
          </span>
          <span className="bar-value">{format.duration(ms)}</span>
        </li>
      ))}
    </ul>
  );
}

function Facts({ state, model }: { state: ConversationState; model: string | null }) {
  const t = useWords();
  const format = useFormat();
  const { metrics, roundTripMs } = state;
  const speed = downlinkMbit();
  const facts: [string, string | null][] = [
    [t("timing.model"), model],
    [t("timing.average"), metrics?.averageLatencyMs == null ? null : format.duration(metrics.averageLatencyMs)],
    [t("timing.network"), roundTripMs === null ? null : t("timing.roundTrip", { time: format.duration(roundTripMs) })],
    [t("timing.speed"), speed === null ? null : t("timing.mbit", { speed: format.number(speed, 1) })],
    [t("timing.uptime"), metrics === null ? null : format.span(metrics.uptimeSeconds)],
    [t("timing.lost"), metrics === null || metrics.audioDropped === 0 ? null : t("timing.blocks", { count: metrics.audioDropped })],
  ];
  return (
    <dl className="facts">
      {facts.map(([name, value]) =>
        value === null ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

function Engines({ engines }: { engines: readonly EngineItem[] }) {
  const t = useWords();
  return (
    <dl className="facts engines">
      {engines.map((engine) => (
        <div key={engine.role}>
          <dt>{t(`roles.${engine.role}`)}</dt>
          <dd>
            {engine.name} {engine.tier !== engine.name && <small>{engine.tier}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
