/** The files on their way to a clone; they go on arriving while another page is looked at. */
import { useEffect, useSyncExternalStore } from "react";
import { FileQueue, type Underway } from "@/media/file-queue";
import { useToasts } from "@/ui/toasts";
import type { DocumentList } from "@/wire/api/types.gen";
import { upload } from "@/wire/upload";
import { useOutdate } from "./going";
import { useWords } from "./words";

export type Target = "/api/documents" | "/api/products/upload";
type Queue = FileQueue<DocumentList>;

const queues = new Map<string, Queue>();

function queueOf(clone: string, target: Target): Queue {
  const key = `${target} ${clone}`;
  let queue = queues.get(key);
  if (queue === undefined) {
    queue = new FileQueue((file, options) => {
      const form = new FormData();
      form.append("clone", clone);
      form.append("files", file);
      return upload<DocumentList>(target, form, options);
    });
    queues.set(key, queue);
  }
  return queue;
}

export function useUploads(clone: string, target: Target): { queue: Queue; underway: readonly Underway[] } {
  const t = useWords();
  const toasts = useToasts();
  const outdate = useOutdate();
  const queue = queueOf(clone, target);
  useEffect(() => {
    queue.whenArrived(({ documents }) => {
      for (const { filename, duplicate } of documents) {
        if (duplicate === true) toasts.show({ text: t("documents.known", { name: filename }) });
      }
      void outdate("listDocuments", "listProducts");
    });
  });
  return { queue, underway: useSyncExternalStore(queue.subscribe, queue.snapshot) };
}
