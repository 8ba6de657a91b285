/** What can be done with a document. */
import { useMutation } from "@tanstack/react-query";
import { BookOpenText, CircleStop, Download, Ellipsis, PencilLine, RotateCcw, Trash2 } from "lucide-react";
import { Button, IconButton } from "@/ui/button";
import { useErrorWords } from "@/ui/error-words";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";
import { useToasts } from "@/ui/toasts";
import { cancelDocumentMutation, retryDocumentMutation } from "@/wire/api/@tanstack/react-query.gen";
import { deleteDocument } from "@/wire/api/sdk.gen";
import type { DocumentItem } from "@/wire/api/types.gen";
import { useOutdate, useRemoveLater } from "../going";
import { saveFile } from "../save-file";
import { isBusy, mayHelp } from "../shapes";
import { useWords } from "../words";
import { nameOf } from "./document-name";

interface DocumentActionsProps {
  document: DocumentItem;
  onOpen: () => void;
  onEdit?: (() => void) | undefined;
  onRemoved: () => void;
}

export function DocumentActions({ document, onOpen, onEdit, onRemoved }: DocumentActionsProps) {
  const t = useWords();
  const act = useActions(document);
  const busy = isBusy(document);
  const name = nameOf(document, t("pairsPrefix"));
  return (
    <Menu trigger={<IconButton label={t("action.more", { name })} icon={Ellipsis} />}>
      {document.status === "completed" && (
        <MenuItem icon={BookOpenText} onSelect={onOpen}>
          {t("action.open")}
        </MenuItem>
      )}
      {onEdit !== undefined && !busy && (
        <MenuItem icon={PencilLine} onSelect={onEdit}>
          {t("action.edit")}
        </MenuItem>
      )}
      {document.kind !== "built-in" && document.kind !== "pairs" && (
        <MenuItem icon={Download} onSelect={act.download}>
          {t("action.download")}
        </MenuItem>
      )}
      {document.kind !== "built-in" && !busy && (
        <MenuItem icon={RotateCcw} onSelect={act.retry}>
          {t(document.kind === "address" ? "action.fetchAgain" : "action.readAgain")}
        </MenuItem>
      )}
      <MenuSeparator />
      <MenuItem icon={Trash2} danger onSelect={() => { act.remove(name); onRemoved(); }}>
        {t("action.delete")}
      </MenuItem>
    </Menu>
  );
}

/** What is most wanted while a document is being read, or was not. */
export function DocumentRemedy({ document }: { document: DocumentItem }) {
  const t = useWords();
  const act = useActions(document);
  const name = nameOf(document, t("pairsPrefix"));
  if (isBusy(document)) {
    return (
      <Button size="small" icon={CircleStop} busy={act.stopping} onClick={act.stop} aria-label={t("action.stopNamed", { name })}>
        {t("action.stop")}
      </Button>
    );
  }
  if (!mayHelp(document)) return null;
  return (
    <Button size="small" icon={RotateCcw} busy={act.retrying} onClick={act.retry} aria-label={t("action.againNamed", { name })}>
      {t("again")}
    </Button>
  );
}

function useActions({ id, filename, kind, title }: DocumentItem) {
  const t = useWords();
  const toasts = useToasts();
  const words = useErrorWords();
  const outdate = useOutdate();
  const removeLater = useRemoveLater();
  const told = {
    onSettled: () => outdate("listDocuments"),
    onError: (error: Error) => {
      toasts.show({ tone: "bad", text: words(error) });
    },
  };
  const stopping = useMutation({ ...cancelDocumentMutation(), ...told });
  const retrying = useMutation({ ...retryDocumentMutation(), ...told });
  const path = { document_id: id };
  return {
    stopping: stopping.isPending,
    stop: () => {
      stopping.mutate({ path });
    },
    retrying: retrying.isPending,
    retry: () => {
      retrying.mutate({ path });
    },
    download: () => {
      saveFile(`/api/documents/${id}/file`, kind === "address" ? `${title}.html` : filename).catch((error: unknown) => {
        told.onError(error as Error);
      });
    },
    remove: (name: string) => {
      // `keepalive`: the page may be left before the time to undo has gone by.
      const remove = (): Promise<unknown> => deleteDocument({ path, keepalive: true });
      removeLater({ id, text: t("deleted", { name }), remove, stale: ["listDocuments", "listProducts", "searchKnowledge"] });
    },
  };
}
