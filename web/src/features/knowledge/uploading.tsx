/** The files that are being sent: how far each is, and what can be done about it. */
import { RotateCcw, X } from "lucide-react";
import type { FileQueue, Underway } from "@/media/file-queue";
import { Button, IconButton } from "@/ui/button";
import { useErrorWords } from "@/ui/error-words";
import { useFormat } from "@/ui/i18n/format";
import { Progress } from "@/ui/progress";
import { useWords } from "./words";

export function Uploading<T>({ queue, underway }: { queue: FileQueue<T>; underway: readonly Underway[] }) {
  const t = useWords();
  if (underway.length === 0) return null;
  return (
    <ul className="uploading" aria-label={t("upload.list")}>
      {underway.map((item) => (
        <Row key={item.id} item={item} onDrop={() => { queue.drop(item.id); }} onRetry={() => { queue.retry(item.id); }} />
      ))}
    </ul>
  );
}

function Row({ item, onDrop, onRetry }: { item: Underway; onDrop: () => void; onRetry: () => void }) {
  const t = useWords();
  const format = useFormat();
  const words = useErrorWords();
  const { name, size, state, part, error } = item;
  return (
    <li className="uploading-row">
      {state === "failed" && error !== null ? (
        <div className="uploading-failed">
          <p className="doc-name">{name}</p>
          <p className="doc-error">{words(error)}</p>
        </div>
      ) : (
        <Progress label={name} value={state === "waiting" ? 0 : part} detail={t(state === "waiting" ? "upload.waiting" : "upload.sending", { size: format.bytes(size) })} />
      )}
      {state === "failed" && (
        <Button size="small" icon={RotateCcw} onClick={onRetry}>
          {t("again")}
        </Button>
      )}
      <IconButton label={t(state === "failed" ? "upload.forget" : "upload.stop", { name })} icon={X} onClick={onDrop} />
    </li>
  );
}
