/** Questions with their answers, written by hand or changed. */
import { useQuery } from "@tanstack/react-query";
import { Dialog } from "@/ui/dialog";
import { ErrorNote } from "@/ui/error-note";
import { Skeleton } from "@/ui/skeleton";
import { ApiError } from "@/wire/api-error";
import type { DocumentItem } from "@/wire/api/types.gen";
import { loadFile } from "../save-file";
import { useWords } from "../words";
import { readPairs, type Pair } from "./pairs";
import { PairsForm } from "./pairs-form";

interface PairsDialogProps {
  clone: string;
  /** What is changed; "new" for pairs that are yet to be written. */
  edited: DocumentItem | "new" | null;
  onClose: () => void;
}

export function PairsDialog({ clone, edited, onClose }: PairsDialogProps) {
  const t = useWords();
  return (
    <Dialog open={edited !== null} onClose={onClose} size="wide" title={t(edited === "new" ? "pairs.title" : "pairs.editTitle")}>
      {edited === "new" && <PairsForm clone={clone} name="" named={false} pairs={[{ question: "", answer: "" }]} onClose={onClose} />}
      {edited !== null && edited !== "new" && <Editing clone={clone} document={edited} onClose={onClose} />}
    </Dialog>
  );
}

function Editing({ clone, document, onClose }: { clone: string; document: DocumentItem; onClose: () => void }) {
  const kept = useQuery<Pair[], ApiError>({
    queryKey: ["pairs", document.id, document.uploadedAt],
    staleTime: Infinity,
    queryFn: async () => {
      const pairs = readPairs(await (await loadFile(`/api/documents/${document.id}/file`)).text());
      if (pairs === null) throw new ApiError("The server gave an answer this page does not understand.", "BAD_ANSWER");
      return pairs;
    },
  });
  if (kept.isPending) return <Skeleton lines={5} />;
  if (kept.isError) return <ErrorNote error={kept.error} retry={() => void kept.refetch()} />;
  return <PairsForm clone={clone} name={document.filename} named pairs={kept.data} onClose={onClose} />;
}
