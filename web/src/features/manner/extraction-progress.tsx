/** How far an extraction is, and what came of it. */
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Button } from "@/ui/button";
import { ErrorNote } from "@/ui/error-note";
import { useCodeWords } from "@/ui/error-words";
import { useFormat } from "@/ui/i18n/format";
import { useStepWords } from "@/ui/jobs/step-words";
import { Progress } from "@/ui/progress";
import { useWatch } from "@/ui/use-job";
import type { ExtractionJob } from "@/wire/api";
import { cancelExtractionMutation, showExtractionOptions } from "@/wire/api/@tanstack/react-query.gen";
import { useWords } from "./words";

const isDone = (job: ExtractionJob): boolean => job.status !== "running" && job.status !== "pending";

export function ExtractionProgress({ id, onDone, onAgain }: { id: string; onDone: () => void; onAgain: () => void }) {
  const t = useWords();
  const stepWords = useStepWords();
  const job = useWatch(showExtractionOptions({ path: { job_id: id } }), isDone);
  const cancel = useMutation({ ...cancelExtractionMutation(), onSuccess: onAgain });
  const told = useRef(false);
  const completed = job.data?.status === "completed";
  useEffect(() => {
    if (!completed || told.current) return;
    told.current = true;
    onDone();
  }, [completed, onDone]);
  if (job.isError) return <ErrorNote error={job.error} retry={() => void job.refetch()} />;
  if (job.data !== undefined && isDone(job.data)) return <Outcome job={job.data} onAgain={onAgain} />;
  const busy = job.data;
  return (
    <div className="manner-progress">
      <Progress label={busy === undefined || busy.status === "pending" ? t("extract.waiting") : t("extract.learning")} value={busy?.status === "running" ? busy.progress : null} {...(busy === undefined || busy.message === "" ? {} : { detail: stepWords(busy.message) })} />
      {cancel.error !== null && <ErrorNote error={cancel.error} />}
      <Button look="quiet" busy={cancel.isPending} onClick={() => { cancel.mutate({ path: { job_id: id } }); }}>
        {t("cancel")}
      </Button>
    </div>
  );
}

function Outcome({ job, onAgain }: { job: ExtractionJob; onAgain: () => void }) {
  const t = useWords();
  const words = useCodeWords();
  const format = useFormat();
  return (
    <div className="manner-progress" role="status">
      {job.status === "completed" ? (
        <p>{t("extract.done", { words: format.number(job.result?.words ?? 0), fields: format.number(job.result?.known.length ?? 0) })}</p>
      ) : job.status === "failed" ? (
        <p className="manner-bad">{t("extract.failed", { why: words(job.errorCode, job.errorMessage ?? job.message) })}</p>
      ) : (
        <p>{t("extract.cancelled")}</p>
      )}
      {job.result?.notes.map((note) => <p key={note} className="manner-quiet">{note}</p>)}
      <Button onClick={onAgain}>{t("extract.another")}</Button>
    </div>
  );
}
