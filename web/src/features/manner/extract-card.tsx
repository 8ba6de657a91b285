/** Learning the manner from a recording, a video, a transcript or an address on YouTube; followed, and cancelled. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { ErrorNote } from "@/ui/error-note";
import { TextField } from "@/ui/field";
import { FileDrop } from "@/ui/file-drop";
import { Progress } from "@/ui/progress";
import { extractPersona, type ExtractionJob } from "@/wire/api";
import { listJobsOptions, showCloneOptions } from "@/wire/api/@tanstack/react-query.gen";
import { upload } from "@/wire/upload";
import { ExtractionProgress } from "./extraction-progress";
import { fieldOf } from "./profile";
import { useWords } from "./words";

const ENDINGS = [".txt", ".md", ".vtt", ".srt", ".json", ".wav", ".mp3", ".m4a", ".ogg", ".flac", ".webm", ".mp4", ".mov", ".mkv"] as const;
const MOST_BYTES = 250_000_000;
/** The last one was put away; what the list of jobs still says of it does not count. */
const NONE = "";

interface ExtractCardProps {
  clone: string;
  cloneHas: boolean;
  /** What the last extraction of this visit changed; null before there was one. */
  changed: readonly string[] | null;
  /** It was ordered here. */
  onBegin: () => void;
  onDone: () => void;
}

export function ExtractCard({ clone, cloneHas, changed, onBegin, onDone }: ExtractCardProps) {
  const t = useWords();
  const [job, setJob] = useState<string | null>(null);
  const under = useUnderWay(clone);
  const current = job === NONE ? null : (job ?? under);
  return (
    <Card title={t(cloneHas ? "extract.again" : "extract.title")}>
      <p className="manner-lead">{t("extract.text")}</p>
      {current === null ? <Sources clone={clone} onBegin={onBegin} onJob={setJob} /> : <ExtractionProgress key={current} id={current} onDone={onDone} onAgain={() => { setJob(NONE); }} />}
      {changed !== null && <Changed fields={changed} />}
    </Card>
  );
}

/** An extraction that was begun before this visit and is not done yet. */
function useUnderWay(clone: string): string | null {
  const jobs = useQuery({ ...listJobsOptions(), staleTime: 60_000 });
  const found = useQuery({ ...showCloneOptions({ path: { slug: clone } }), staleTime: 60_000 });
  const mine = jobs.data?.jobs.find(({ kind, status, cloneId }) => kind.startsWith("extract") && cloneId === found.data?.id && (status === "running" || status === "pending"));
  return mine?.id ?? null;
}

function Changed({ fields }: { fields: readonly string[] }) {
  const t = useWords();
  const names = fields.map(fieldOf).filter((field) => field !== null).map((field) => t(`fields.${field}`));
  return <p role="status" className="manner-changed">{names.length === 0 ? t("extract.same") : t("extract.changed", { names: names.join(", ") })}</p>;
}

interface SourcesProps {
  clone: string;
  onBegin: () => void;
  onJob: (id: string) => void;
}

function Sources({ clone, onBegin, onJob }: SourcesProps) {
  const t = useWords();
  const [speaker, setSpeaker] = useState("");
  const [part, setPart] = useState<number | null>(null);
  const [stop, setStop] = useState<AbortController | null>(null);
  const send = useMutation({
    mutationFn: (file: File) => {
      const form = new FormData();
      form.set("clone", clone);
      form.set("file", file);
      if (speaker.trim() !== "") form.set("speaker", speaker.trim());
      const aborter = new AbortController();
      setStop(aborter);
      onBegin();
      return upload<ExtractionJob>("/api/persona/extract", form, { signal: aborter.signal, onProgress: setPart });
    },
    onSuccess: ({ jobId }) => {
      onJob(jobId);
    },
    onSettled: () => {
      setPart(null);
    },
  });
  if (send.isPending) {
    return (
      <div className="manner-progress">
        <Progress label={t("extract.sending")} value={part} />
        <Button look="quiet" onClick={() => stop?.abort()}>
          {t("cancel")}
        </Button>
      </div>
    );
  }
  return (
    <div className="manner-sources">
      {send.error !== null && stop?.signal.aborted !== true && <ErrorNote error={send.error} />}
      <TextField optional label={t("extract.speaker")} hint={t("extract.speakerHint")} maxLength={80} value={speaker} onChange={(event) => { setSpeaker(event.target.value); }} />
      <FileDrop label={t("extract.files")} endings={ENDINGS} maxBytes={MOST_BYTES} onFiles={([file]) => { if (file !== undefined) send.mutate(file); }} />
      <Address clone={clone} speaker={speaker} onBegin={onBegin} onJob={onJob} />
    </div>
  );
}

function Address({ clone, speaker, onBegin, onJob }: SourcesProps & { speaker: string }) {
  const t = useWords();
  const [url, setUrl] = useState("");
  const [wrong, setWrong] = useState(false);
  const order = useMutation({
    mutationFn: async () => (await extractPersona({ body: { clone, url: url.trim(), ...(speaker.trim() === "" ? {} : { speaker: speaker.trim() }) }, throwOnError: true })).data,
    onSuccess: ({ jobId }) => {
      onJob(jobId);
    },
  });
  return (
    <form
      className="manner-address"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const good = /^https?:\/\/\S+\.\S+/.test(url.trim());
        setWrong(!good);
        if (!good) return;
        onBegin();
        order.mutate();
      }}
    >
      {order.error !== null && <ErrorNote error={order.error} />}
      <TextField type="url" label={t("extract.address")} hint={t("extract.addressHint")} error={wrong ? t("extract.addressWrong") : undefined} maxLength={500} value={url} onChange={(event) => { setUrl(event.target.value); }} />
      <div>
        <Button type="submit" busy={order.isPending}>
          {t("extract.fetch")}
        </Button>
      </div>
    </form>
  );
}
