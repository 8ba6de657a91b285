/** What the clone has read: files, pages of the web, questions with answers. */
import { FileText, Globe, MessageCircleQuestion } from "lucide-react";
import { useState } from "react";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/empty-state";
import { ErrorNote } from "@/ui/error-note";
import { FileDrop } from "@/ui/file-drop";
import { Skeleton } from "@/ui/skeleton";
import type { DocumentItem } from "@/wire/api/types.gen";
import { MOST_BYTES, MOST_FILES, READ_ENDINGS } from "../shapes";
import { Uploading } from "../uploading";
import { useUploads } from "../uploads";
import { useDocuments } from "../use-documents";
import { useWords } from "../words";
import { AddressDialog } from "./address-dialog";
import { DocumentTable } from "./document-table";
import { PairsDialog } from "./pairs-dialog";
import { TextDialog } from "./text-dialog";

export function DocumentsTab({ clone }: { clone: string }) {
  const t = useWords();
  const { queue, underway } = useUploads(clone, "/api/documents");
  const [opened, setOpened] = useState<DocumentItem | null>(null);
  const [edited, setEdited] = useState<DocumentItem | "new" | null>(null);
  const [addressing, setAddressing] = useState(false);
  return (
    <div className="know">
      <FileDrop eachAlone label={t("documents.drop")} kinds={t("documents.kinds")} endings={READ_ENDINGS} maxBytes={MOST_BYTES} many={MOST_FILES} onFiles={(files) => { queue.add(files); }} />
      <div className="know-buttons">
        <Button icon={Globe} onClick={() => { setAddressing(true); }}>{t("address.title")}</Button>
        <Button icon={MessageCircleQuestion} onClick={() => { setEdited("new"); }}>{t("pairs.title")}</Button>
      </div>
      <Uploading queue={queue} underway={underway} />
      <List clone={clone} onOpen={setOpened} onEdit={setEdited} />
      <AddressDialog clone={clone} open={addressing} onClose={() => { setAddressing(false); }} />
      <PairsDialog clone={clone} edited={edited} onClose={() => { setEdited(null); }} />
      <TextDialog document={opened} onClose={() => { setOpened(null); }} />
    </div>
  );
}

function List({ clone, onOpen, onEdit }: { clone: string; onOpen: (document: DocumentItem) => void; onEdit: (document: DocumentItem) => void }) {
  const t = useWords();
  const { documents, isPending, error, refetch } = useDocuments(clone);
  if (isPending) return <Skeleton lines={4} />;
  if (documents === undefined) return error === null ? null : <ErrorNote error={error} title={t("documents.unseen")} retry={() => void refetch()} />;
  return (
    <>
      {error !== null && <ErrorNote error={error} title={t("documents.stale")} retry={() => void refetch()} />}
      {documents.length === 0 ? <EmptyState icon={FileText} title={t("documents.emptyTitle")} text={t("documents.emptyText")} /> : <DocumentTable caption={t("documents.caption")} documents={documents} onOpen={onOpen} onEdit={onEdit} />}
    </>
  );
}
