/** Everything at this moment, asked for anew every few seconds while somebody looks. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Choice } from "@/ui/choice";
import { ErrorNote } from "@/ui/error-note";
import { useFormat } from "@/ui/i18n/format";
import { Skeleton } from "@/ui/skeleton";
import type { Operations } from "@/wire/api";
import { showOperationsOptions, showOperationsSeriesOptions } from "@/wire/api/@tanstack/react-query.gen";
import { AlertsCard } from "./alerts-card";
import { CostCard } from "./cost-card";
import { ErrorsCard } from "./errors-card";
import { JobsCard } from "./jobs-card";
import { LatencyCard } from "./latency-card";
import { MachineCard } from "./machine-card";
import { NowCard } from "./now-card";
import "@/ui/parts.css";
import "./operations.css";
import { ProvidersCard } from "./providers-card";
import { everyMs, minutesOf, WINDOWS, type Window } from "./terms";
import { useWords } from "./words";

export default function Board() {
  const t = useWords();
  const [window, setWindow] = useState<Window>("five");
  const state = useQuery({ ...showOperationsOptions(), refetchInterval: 3000, staleTime: 0 });
  const series = useQuery({ ...showOperationsSeriesOptions({ query: { minutes: minutesOf(window) } }), refetchInterval: everyMs(window), staleTime: 0, placeholderData: keepPreviousData });
  if (state.data === undefined) return state.isError ? <ErrorNote error={state.error} retry={() => void state.refetch()} /> : <Skeleton lines={8} />;
  const data = state.data;
  return (
    <div className="operations">
      {state.isError && <ErrorNote error={state.error} title={t("stale")} retry={() => void state.refetch()} />}
      <AlertsCard alerts={data.alerts} />
      <div className="operations-head">
        <Choice label={t("window")} value={window} onChange={setWindow} options={WINDOWS.map((value) => ({ value, label: t(`windows.${value}`) }))} />
        <Fresh at={data.at} />
      </div>
      <NowCard state={data} window={window} points={series.data?.points ?? []} />
      <LatencyCard state={data} window={window} points={series.data?.points ?? []} />
      <div className="operations-pair">
        <div className="operations">
          <ErrorsCard errors={data.errors} window={window} />
          <ProvidersCard providers={data.providers} />
        </div>
        <MachineCard resources={data.resources} points={series.data?.points ?? []} />
      </div>
      <JobsCard jobs={data.jobs} />
      <CostCard costs={data.costs} />
    </div>
  );
}

function Fresh({ at }: Pick<Operations, "at">) {
  const t = useWords();
  const format = useFormat();
  return <p className="aside">{t("at", { time: format.clock(at) })}</p>;
}
