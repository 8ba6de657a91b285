/** Documents as rows: what each is, how far it is, and what can be done with it. */
import { useRef } from "react";
import { useFormat } from "@/ui/i18n/format";
import { Table, type Column } from "@/ui/table";
import type { DocumentItem } from "@/wire/api/types.gen";
import { shapeOf } from "../shapes";
import { useWords } from "../words";
import { DocumentActions, DocumentRemedy } from "./document-actions";
import { DocumentName } from "./document-name";
import { DocumentState } from "./document-state";

interface DocumentTableProps {
  caption: string;
  documents: readonly DocumentItem[];
  onOpen: (document: DocumentItem) => void;
  onEdit?: (document: DocumentItem) => void;
}

export function DocumentTable({ caption, documents, onOpen, onEdit }: DocumentTableProps) {
  const t = useWords();
  const format = useFormat();
  const box = useRef<HTMLDivElement>(null);
  const columns: Column<DocumentItem>[] = [
    {
      key: "name",
      label: t("column.name"),
      cell: (document) => <DocumentName document={document} onOpen={() => { onOpen(document); }} />,
    },
    { key: "kind", label: t("column.kind"), cell: (document) => t(`shape.${shapeOf(document)}`) },
    { key: "size", label: t("column.size"), align: "end", cell: ({ size }) => (size === 0 ? "–" : format.bytes(Math.max(1000, size))) },
    {
      key: "state",
      label: t("column.state"),
      cell: (document) => (
        <div className="doc-state">
          <DocumentState document={document} />
          <DocumentRemedy document={document} />
        </div>
      ),
    },
    { key: "passages", label: t("column.passages"), align: "end", cell: (document) => (document.status === "completed" || document.chunkCount > 0 ? format.number(document.chunkCount) : "–") },
  ];
  const refocus = (): void => {
    requestAnimationFrame(() => box.current?.focus());
  };
  return (
    <div className="documents" ref={box} tabIndex={-1} role="group" aria-label={caption}>
      <Table
        caption={caption}
        columns={columns}
        rows={documents}
        rowKey={({ id }) => id}
        actionsLabel={t("column.actions")}
        actions={(document) => (
          <DocumentActions
            document={document}
            onOpen={() => { onOpen(document); }}
            onEdit={onEdit !== undefined && document.kind === "pairs" ? () => { onEdit(document); } : undefined}
            onRemoved={refocus}
          />
        )}
      />
    </div>
  );
}
