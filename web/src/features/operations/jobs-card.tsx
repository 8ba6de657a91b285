/** Long work: what runs and how far it is, what waits, what failed; cancelled and done again from here. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Card } from "@/ui/card";
import { useFormat } from "@/ui/i18n/format";
import { Table } from "@/ui/table";
import type { JobLine, Jobs } from "@/wire/api";
import { Button } from "@/ui/button";
import { useCodeWords, useErrorWords } from "@/ui/error-words";
import { useKindWords, useStepWords } from "@/ui/jobs/step-words";
import { Progress } from "@/ui/progress";
import { useToasts } from "@/ui/toasts";
import { cancelOperationsJobMutation, retryJobMutation, showOperationsQueryKey } from "@/wire/api/@tanstack/react-query.gen";
import { useWords } from "./words";

export function JobsCard({ jobs }: { jobs: Jobs | null }) {
  const t = useWords();
  if (jobs === null) {
    return (
      <Card title={t("jobs.title")}>
        <p className="aside">{t("jobs.unknown")}</p>
      </Card>
    );
  }
  const quiet = jobs.running.length + jobs.failed.length + jobs.waiting.length === 0;
  return (
    <Card title={t("jobs.title")}>
      <p className="aside">{t("jobs.workers", { count: jobs.workers.length })}</p>
      {quiet && <p>{t("jobs.empty")}</p>}
      <Lines title={t("jobs.running")} jobs={jobs.running} />
      <Lines title={t("jobs.failed")} jobs={jobs.failed} />
      <Lines title={t("jobs.waiting")} jobs={jobs.waiting} />
      {jobs.kinds.length > 0 && <Kinds jobs={jobs} />}
    </Card>
  );
}

function Lines({ title, jobs }: { title: string; jobs: readonly JobLine[] }) {
  if (jobs.length === 0) return null;
  return (
    <section className="operations-jobs">
      <h3>{title}</h3>
      <ul className="rows">
        {jobs.map((job) => (
          <Line key={job.id} job={job} />
        ))}
      </ul>
    </section>
  );
}

function Line({ job }: { job: JobLine }) {
  const t = useWords();
  const format = useFormat();
  const acts = useActs();
  const words = useCodeWords();
  const stepWords = useStepWords();
  const name = useKindWords()(job.kind);
  return (
    <li>
      <div>
        {job.status === "running" ? (
          <Progress label={name} value={job.progress} detail={stepWords(job.message)} />
        ) : (
          <>
            <p>{name}</p>
            <p className="aside">{t("jobs.since", { when: format.dateTime(job.finishedAt ?? job.createdAt), count: job.attempt })}</p>
          </>
        )}
        {job.errorMessage && <p className="operations-error">{words(job.errorCode, job.errorMessage)}</p>}
      </div>
      {job.canRetry === true && (
        <Button size="small" busy={acts.busy} aria-label={`${t("jobs.retry")}: ${name}`} onClick={() => { acts.retry(job.id); }}>
          {t("jobs.retry")}
        </Button>
      )}
      {job.canCancel === true && (
        <Button size="small" busy={acts.busy} aria-label={`${t("jobs.cancel")}: ${name}`} onClick={() => { acts.cancel(job.id); }}>
          {t("jobs.cancel")}
        </Button>
      )}
    </li>
  );
}

function useActs(): { retry: (id: string) => void; cancel: (id: string) => void; busy: boolean } {
  const t = useWords();
  const words = useErrorWords();
  const toasts = useToasts();
  const queries = useQueryClient();
  const after = (text: string) => ({
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: showOperationsQueryKey() });
      toasts.show({ text });
    },
    onError: (error: Error) => {
      toasts.show({ text: words(error), tone: "bad" });
    },
  });
  const retry = useMutation({ ...retryJobMutation(), ...after(t("jobs.retried")) });
  const cancel = useMutation({ ...cancelOperationsJobMutation(), ...after(t("jobs.cancelled")) });
  return {
    retry: (id) => { retry.mutate({ path: { job_id: id } }); },
    cancel: (id) => { cancel.mutate({ path: { job_id: id } }); },
    busy: retry.isPending || cancel.isPending,
  };
}

function Kinds({ jobs }: { jobs: Jobs }) {
  const t = useWords();
  const format = useFormat();
  const kindWords = useKindWords();
  return (
    <details className="operations-more more">
      <summary>{t("jobs.byKind")}</summary>
      <Table
        caption={t("jobs.byKind")}
        rows={jobs.kinds}
        rowKey={({ kind }) => kind}
        columns={[
          { key: "kind", label: t("jobs.kind"), cell: ({ kind }) => kindWords(kind) },
          { key: "pending", label: t("jobs.waiting"), align: "end", cell: ({ pending }) => format.number(pending) },
          { key: "running", label: t("jobs.running"), align: "end", cell: ({ running }) => format.number(running) },
          { key: "completed", label: t("jobs.completed"), align: "end", cell: ({ completed }) => format.number(completed) },
          { key: "failed", label: t("jobs.failed"), align: "end", cell: ({ failed }) => format.number(failed) },
          { key: "mean", label: t("jobs.mean"), align: "end", cell: ({ meanRunSeconds }) => format.span(meanRunSeconds) },
        ]}
      />
    </details>
  );
}
