/** The clone's work in hand, on every step: how far each job is, a way to stop it, and what to do about one that failed. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { TriangleAlert, X } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { Button, IconButton } from "@/ui/button";
import { useCodeWords, useErrorWords } from "@/ui/error-words";
import { useStepWords } from "@/ui/jobs/step-words";
import { Progress } from "@/ui/progress";
import { useToasts } from "@/ui/toasts";
import { retryDocument, type JobItem } from "@/wire/api";
import { cancelJobMutation, listDocumentsQueryKey, listJobsQueryKey } from "@/wire/api/@tanstack/react-query.gen";
import { keepAway, readAway, stepOfKind, trayOf } from "./jobs";
import { useWords } from "./words";

export function JobTray({ slug, jobs }: { slug: string; jobs: readonly JobItem[] }) {
  const t = useWords();
  const [away, setAway] = useState(readAway);
  const [openedAt] = useState(() => Date.now());
  const shown = trayOf(jobs, away, openedAt);
  if (shown.length === 0) return null;
  const putAway = (id: string): void => {
    const next = new Set([...away, id]);
    setAway(next);
    keepAway(next);
  };
  return (
    <section className="job-tray" aria-label={t("jobs.label")}>
      <ul>
        {shown.map((job) => (job.status === "failed" ? <Failed key={job.id} slug={slug} job={job} onAway={() => { putAway(job.id); }} /> : <Running key={job.id} slug={slug} job={job} />))}
      </ul>
    </section>
  );
}

/** What is done, in words: with the document's name where one is read. */
function useJobWords(): (job: JobItem) => string {
  const t = useWords();
  return ({ kind, about }) => {
    const step = stepOfKind(kind);
    if (step === "knowledge" && about !== "") return t("jobs.reading", { name: about });
    return step === null || step === "consent" ? t("jobs.other") : t(`jobs.${step}`);
  };
}

function Running({ slug, job }: { slug: string; job: JobItem }) {
  const t = useWords();
  const stepWords = useStepWords();
  const jobWords = useJobWords();
  const words = useErrorWords();
  const toasts = useToasts();
  const queries = useQueryClient();
  const cancel = useMutation({
    ...cancelJobMutation(),
    onError: (error) => { toasts.show({ text: words(error), tone: "bad" }); },
    onSettled: () => queries.invalidateQueries({ queryKey: listJobsQueryKey({ query: { clone: slug } }) }),
  });
  const name = jobWords(job);
  const stopping = job.cancelRequested || cancel.isPending;
  return (
    <li className="job">
      <Progress label={name} value={job.status === "pending" ? null : job.progress} detail={stopping ? t("jobs.stopping") : job.status === "pending" ? t("jobs.waiting") : stepWords(job.step)} />
      <IconButton label={t("jobs.stop", { name })} icon={X} disabled={stopping} onClick={() => { cancel.mutate({ path: { job_id: job.id } }); }} />
    </li>
  );
}

function Failed({ slug, job, onAway }: { slug: string; job: JobItem; onAway: () => void }) {
  const t = useWords();
  const jobWords = useJobWords();
  const codeWords = useCodeWords();
  const words = useErrorWords();
  const toasts = useToasts();
  const queries = useQueryClient();
  const name = jobWords(job);
  const again = useMutation({
    mutationFn: (id: string) => retryDocument({ path: { document_id: id }, throwOnError: true }),
    onSuccess: onAway,
    onError: (error) => { toasts.show({ text: words(error), tone: "bad" }); },
    onSettled: () => {
      for (const queryKey of [listJobsQueryKey({ query: { clone: slug } }), listDocumentsQueryKey({ query: { clone: slug } })]) void queries.invalidateQueries({ queryKey });
    },
  });
  const step = stepOfKind(job.kind) ?? "try";
  const document = job.documentId;
  return (
    <li className="job job-failed">
      <TriangleAlert className="icon" aria-hidden="true" />
      <div className="job-words">
        <p className="job-name">{t("jobs.failed", { name })}</p>
        <p>{job.errorMessage === null ? t("jobs.unknown") : codeWords(job.errorCode, job.errorMessage)}</p>
      </div>
      {document !== null ? (
        <Button size="small" busy={again.isPending} onClick={() => { again.mutate(document); }}>
          {t("jobs.again")}
        </Button>
      ) : (
        <Link className="link" to={`/studio/${encodeURIComponent(slug)}/${step}`}>
          {t("jobs.redo")}
        </Link>
      )}
      <IconButton label={t("jobs.away", { name })} icon={X} onClick={onAway} />
    </li>
  );
}
