/** Where the time of the last answer went (WEB-04). */
import { Sheet } from "@/ui/sheet";
import type { EngineItem, TurnMetricsItem } from "@/wire/generated";
import type { ConversationState } from "./state";
import { duration, ROLES, uptime } from "./words";

interface Stage {
  name: string;
  ms: number;
}

function stagesOf(metrics: TurnMetricsItem): Stage[] {
  const optional = [
    { name: "Web search", ms: metrics.searchLatencyMs },
    { name: "Lip sync", ms: metrics.lipSyncLatencyMs },
  ].flatMap(({ name, ms }) => (ms == null ? [] : [{ name, ms }]));
  const listening = [
    { name: "Hearing you finish", ms: metrics.endpointingMs },
    { name: "Recognising speech", ms: metrics.asrLatencyMs },
  ];
  const typed = listening.every(({ ms }) => ms === 0);
  return [
    ...(typed ? [] : listening),
    { name: "Looking things up", ms: metrics.ragLatencyMs },
    { name: "Finding the words", ms: metrics.llmLatencyMs },
    { name: "Making the voice", ms: metrics.ttsLatencyMs },
    ...optional,
  ];
}

export function LatencyPanel({ state }: { state: ConversationState }) {
  const metrics = state.turns.findLast((turn) => turn.metrics !== null)?.metrics ?? null;
  return (
    <Sheet title="Timing" value={metrics === null ? "" : duration(metrics.totalLatencyMs)}>
      {metrics === null ? <p className="sheet-empty">After the first answer, this shows where its time went.</p> : <Bars metrics={metrics} />}
      <Facts state={state} model={state.metrics?.model ?? metrics?.model ?? null} />
      {state.engines.length > 0 && <Engines engines={state.engines} />}
    </Sheet>
  );
}

function Bars({ metrics }: { metrics: TurnMetricsItem }) {
  const stages = stagesOf(metrics);
  const longest = Math.max(metrics.totalLatencyMs, ...stages.map((stage) => stage.ms), 1);
  const rows = [...stages, { name: "Until the answer begins", ms: metrics.totalLatencyMs }];
  return (
    <ul className="bars">
      {rows.map(({ name, ms }, index) => (
        <li key={name} data-total={index === rows.length - 1}>
          <span>{name}</span>
          <span className="bar" aria-hidden="true">
            <span style={{ inlineSize: `${(100 * ms) / longest}%` }} />
          </span>
          <span className="bar-value">{duration(ms)}</span>
        </li>
      ))}
    </ul>
  );
}

function Facts({ state, model }: { state: ConversationState; model: string | null }) {
  const { metrics, roundTripMs } = state;
  const facts: [string, string | null][] = [
    ["Model", model],
    ["Average answer", metrics?.averageLatencyMs == null ? null : duration(metrics.averageLatencyMs)],
    ["Network", roundTripMs === null ? null : `${duration(roundTripMs)} there and back`],
    ["Uptime", metrics === null ? null : uptime(metrics.uptimeSeconds)],
    ["Sound lost", metrics === null || metrics.audioDropped === 0 ? null : `${metrics.audioDropped} blocks`],
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
  return (
    <dl className="facts engines">
      {engines.map((engine) => (
        <div key={engine.role}>
          <dt>{ROLES[engine.role]}</dt>
          <dd>
            {engine.name} {engine.tier !== engine.name && <small>{engine.tier}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
